import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Bench, RowGroup } from "../bench.ts";
import type { IdleHandlers } from "../parts/idle-connections.ts";
import { HOST, NOTE_PATH } from "../parts/note.ts";
import type { Memory, WebServerHandlers } from "../parts/web-server.ts";
import { serverKeyPair } from "./http.ts";

const WANTED_CONNECTIONS = 10_000;
/** Files that a Node process has open besides its connections, generously. */
const OTHER_FILES = 200;
/** What a first connection of each kind sets up once must not count as the price of one. */
const WARM_UP_CONNECTIONS = 200;
const SETTLE_MS = 1_000;
const MOST_ROUNDS = 2;

/** What an idle kept-alive TLS connection holds in the server's process, after the garbage collector has run. */
export const memory: RowGroup = {
  ids: ["idle-connection", "idle-connection-node"],
  async measure(bench) {
    const connections = Math.min(WANTED_CONNECTIONS, openFilesLimit() - OTHER_FILES);
    // Each takes half a minute, and the result hardly varies.
    const rounds = Math.min(bench.rounds, MOST_ROUNDS);
    const samples: Record<"app" | "bare", number[]> = { app: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      if (bench.wants("idle-connection")) samples.app.push(await kibPerConnection(bench, "app", connections));
      if (bench.wants("idle-connection-node")) {
        samples.bare.push(await kibPerConnection(bench, "bare", connections));
      }
    }
    return [
      {
        id: "idle-connection",
        what: `memory of the app for an idle TLS connection, ${connections} open (KiB)`,
        goal: { atMost: 41 },
        samples: samples.app,
      },
      {
        id: "idle-connection-node",
        what: `the same with Express alone on Node's own https server, ${connections} open (KiB)`,
        goal: "report",
        samples: samples.bare,
      },
    ];
  },
};

/** A fresh server each round: the heap of one that held connections before has room for the next. */
async function kibPerConnection(bench: Bench, stack: "app" | "bare", connections: number): Promise<number> {
  await using server = await bench.start<WebServerHandlers>("web-server.ts", "measured", {
    nodeOptions: ["--expose-gc"],
  });
  await using clients = await bench.start<IdleHandlers>("idle-connections.ts", "helper");
  const limits = { maxConnections: connections + WARM_UP_CONNECTIONS };
  const port = await server.ask("open", { stack, tls: await serverKeyPair(bench), limits });
  const target = { port, secure: true, host: HOST, path: NOTE_PATH };
  await clients.ask("open", { ...target, connections: WARM_UP_CONNECTIONS });
  await clients.ask("close", null);
  const settled = async (): Promise<Memory> => {
    await delay(SETTLE_MS);
    return await server.ask("collectGarbage", null);
  };
  const before = await settled();
  const answered = await clients.ask("open", { ...target, connections });
  if (answered !== connections)
    throw new Error(`${connections - answered} of ${connections} connections failed`);
  const after = await settled();
  const open = await clients.ask("countOpen", null);
  if (open !== connections)
    throw new Error(`${connections - open} of ${connections} idle connections were closed`);
  const kibEach = (key: keyof Memory) => (after[key] - before[key]) / connections / 1_024;
  bench.progress(
    `  ${stack}: ${kibEach("resident").toFixed(1)} KiB, of which objects ${kibEach("heap").toFixed(1)} KiB`,
  );
  return kibEach("resident");
}

/** The hard limit: Node raises its own soft limit to it. */
function openFilesLimit(): number {
  const text = execFileSync("/bin/sh", ["-c", "ulimit -H -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}
