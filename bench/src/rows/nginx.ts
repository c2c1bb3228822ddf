import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ensureProgram,
  freePort,
  type GuardedProcess,
  spawnGuarded,
  untilPortAnswers,
} from "../../../tools/servers/src/index.ts";
import type { Bench, RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios } from "../comparison.ts";
import { programVersion } from "../machine.ts";
import { holdToCore } from "../part.ts";
import type { KeyPair } from "../parts/web-server.ts";
import { compare } from "../rounds.ts";
import { serverKeyPair, startLoad, startServer } from "./http.ts";

/** Node terminating TLS itself, beside what Elastic Beanstalk's platform sets up: nginx in front of it. */
export const nginx: RowGroup = {
  ids: ["node-vs-nginx"],
  async measure(bench) {
    const tls = await serverKeyPair(bench);
    const samples = await compare(["node", "nginx"], { ...bench, warmUpSeconds: 4 }, async (round) => {
      const send = await startLoad(bench, round);
      const direct = await startServer(bench, round, { stack: "app", tls });
      const behind = await startServer(bench, round, { stack: "app", trustedProxies: ["127.0.0.1/32"] });
      const port = await freePort();
      const proxy = round.use(await startNginx(bench, { port, upstreamPort: behind.port, tls }));
      const variants = {
        node: { port: direct.port, pids: [direct.pid] },
        nginx: { port, pids: [proxy.pid, behind.pid] },
      };
      return (name, milliseconds) => send({ ...variants[name], secure: true }, milliseconds);
    });
    for (const line of absoluteNumbers(samples, "requests")) bench.progress(line);
    return [
      {
        id: "node-vs-nginx",
        what: "total CPU per request, Node terminating TLS vs nginx terminating and forwarding as HTTP (x)",
        goal: { atMost: 0.9 },
        samples: cpuRatios(samples, "node", "nginx"),
      },
    ];
  },
};

interface NginxSettings {
  port: number;
  upstreamPort: number;
  tls: KeyPair;
}

async function startNginx(bench: Bench, settings: NginxSettings): Promise<GuardedProcess> {
  const { sandboxDir: dir, temporaryDir, progress } = bench;
  const { program } = await ensureProgram({ dir, packageName: "nginx", path: "usr/sbin/nginx", progress });
  bench.versions.nginx = programVersion(program.command, [...program.args, "-v"]);
  const folder = join(temporaryDir, "nginx");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "cert.pem"), settings.tls.cert);
  await writeFile(join(folder, "key.pem"), settings.tls.key, { mode: 0o600 });
  await writeFile(join(folder, "nginx.conf"), nginxConfig(settings, folder));
  const args = ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")];
  const child = spawnGuarded(program, args, { name: "nginx" });
  await untilPortAnswers(settings.port, () => child.output());
  holdToCore(child.pid, "measured");
  return child;
}

/**
 * One process, connections to Node kept alive, one access log: the shape of the platform's own configuration.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-linux-extend.proxy.html
 */
function nginxConfig({ port, upstreamPort }: NginxSettings, folder: string): string {
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 600;
  keepalive_requests 10000000;
  upstream nodejs { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {
      proxy_pass http://nodejs;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
}
