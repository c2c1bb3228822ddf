import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  freePort,
  type GuardedProcess,
  spawnGuarded,
  untilPortAnswers,
} from "../../../tools/servers/src/index.ts";
import type { Bench, RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios, rateRatios } from "../comparison.ts";
import { holdToCore } from "../part.ts";
import { HOST } from "../parts/note.ts";
import type { KeyPair } from "../parts/web-server.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";
import { type RunningServer, serverKeyPair, startLoad, startServer } from "./http.ts";

const VARIANTS = ["plain", "encrypted"] as const;

type Variant = (typeof VARIANTS)[number];

/** The price of the second hop: HAProxy encrypting again and verifying the app, beside plain HTTP to the app. */
export const haproxy: RowGroup = {
  ids: ["reencrypt-throughput", "reencrypt-cpu"],
  async measure(bench) {
    const tls = await serverKeyPair(bench);
    const samples = await compare(VARIANTS, { ...bench, warmUpSeconds: 4 }, async (round) => {
      const send = await startLoad(bench, round);
      const trustedProxies = ["127.0.0.1/32"];
      const apps: Record<Variant, RunningServer> = {
        plain: await startServer(bench, round, { stack: "app", trustedProxies }),
        encrypted: await startServer(bench, round, { stack: "app", trustedProxies, tls }),
      };
      const ports: Record<Variant, number> = { plain: await freePort(), encrypted: await freePort() };
      const proxy = round.use(await startHaproxy(bench, { apps, ports, tls }));
      return (name, milliseconds) =>
        send({ port: ports[name], secure: true, pids: [proxy.pid, apps[name].pid] }, milliseconds);
    });
    for (const line of absoluteNumbers(samples, "requests")) bench.progress(`${line}, HAProxy and app`);
    return measurements(samples);
  },
};

function measurements(samples: Samples<Variant, Tally>): Measurement[] {
  return [
    {
      id: "reencrypt-throughput",
      what: "requests a second through HAProxy, re-encrypted and verified vs plain to the app (x)",
      goal: { atLeast: 0.85 },
      samples: rateRatios(samples, "encrypted", "plain"),
    },
    {
      id: "reencrypt-cpu",
      what: "CPU per request of HAProxy and app, re-encrypted and verified vs plain (x)",
      goal: "report",
      samples: cpuRatios(samples, "encrypted", "plain"),
    },
  ];
}

interface HaproxySettings {
  apps: Record<Variant, RunningServer>;
  ports: Record<Variant, number>;
  tls: KeyPair;
}

async function startHaproxy(bench: Bench, settings: HaproxySettings): Promise<GuardedProcess> {
  const folder = join(bench.temporaryDir, "haproxy");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { cert, key } = settings.tls;
  await writeFile(join(folder, "front.pem"), `${cert}\n${key}`, { mode: 0o600 });
  const { caFile } = await bench.ca();
  await writeFile(join(folder, "haproxy.cfg"), haproxyConfig(settings, folder, caFile));
  const { haproxy: program } = await bench.programs();
  const child = spawnGuarded(program, ["-db", "-f", join(folder, "haproxy.cfg")], { name: "haproxy" });
  await untilPortAnswers(settings.ports.encrypted, () => child.output());
  holdToCore(child.pid, "helper");
  return child;
}

/** Two fronts and two ways on that differ in nothing but the second hop. */
function haproxyConfig({ apps, ports }: HaproxySettings, folder: string, caFile: string): string {
  const verified = `ssl verify required ca-file "${caFile}" verifyhost ${HOST} sni str(${HOST})`;
  const section = (name: Variant, transport: string) => `
frontend front-${name}
  bind 127.0.0.1:${ports[name]} ssl crt "${folder}/front.pem"
  http-request set-header X-Forwarded-Proto https
  default_backend ${name}

backend ${name}
  http-reuse always
  server app 127.0.0.1:${apps[name].port} ${transport} pool-purge-delay 600s
`;
  return `global
  nbthread 1
  fd-hard-limit 4000

defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 600s
  timeout server 600s
${section("plain", "")}${section("encrypted", verified)}`;
}
