import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Bench, RowGroup } from "../bench.ts";
import { residentBytes } from "../cpu-time.ts";
import type { IdleHandlers } from "../parts/idle-connections.ts";
import { HOST, NOTE_PATH } from "../parts/note.ts";
import type { WebServerHandlers } from "../parts/web-server.ts";
import { serverKeyPair } from "./web.ts";

const WANTED_CONNECTIONS = 10_000;
/** Files that a Node process has open besides its connections, generously. */
const OTHER_FILES = 200;
/** What a first connection of each kind sets up once must not count as the price of one. */
const WARM_UP_CONNECTIONS = 200;
const SETTLE_MS = 1_000;
const MOST_ROUNDS = 3;

/** What an idle kept-alive TLS connection holds in the app's process, after the garbage collector has run. */
export const memory: RowGroup = {
  ids: ["idle-connection"],
  async measure(bench) {
    const connections = Math.min(WANTED_CONNECTIONS, openFilesLimit() - OTHER_FILES);
    const samples: number[] = [];
    // Each round takes half a minute, and its result hardly varies.
    for (let round = 0; round < Math.min(bench.rounds, MOST_ROUNDS); round++) {
      samples.push(await kibPerConnection(bench, connections));
    }
    const what = `memory of the app for an idle TLS connection, ${connections} open (KiB)`;
    return [{ id: "idle-connection", what, goal: { atMost: 41 }, samples }];
  },
};

/** A fresh server each round: the heap of one that held connections before has room for the next. */
async function kibPerConnection(bench: Bench, connections: number): Promise<number> {
  await using server = await bench.start<WebServerHandlers>("web-server.ts", "measured", {
    nodeOptions: ["--expose-gc"],
  });
  await using clients = await bench.start<IdleHandlers>("idle-connections.ts", "helper");
  const limits = { maxConnections: connections + WARM_UP_CONNECTIONS };
  const port = await server.ask("open", { stack: "app", tls: await serverKeyPair(bench), limits });
  const target = { port, secure: true, host: HOST, path: NOTE_PATH };
  await clients.ask("open", { ...target, connections: WARM_UP_CONNECTIONS });
  await clients.ask("close", null);
  const settledBytes = async (): Promise<number> => {
    await delay(SETTLE_MS);
    await server.ask("collectGarbage", null);
    return residentBytes(server.pid);
  };
  const before = await settledBytes();
  const answered = await clients.ask("open", { ...target, connections });
  if (answered !== connections)
    throw new Error(`${connections - answered} of ${connections} connections failed`);
  return ((await settledBytes()) - before) / connections / 1_024;
}

/** The hard limit: Node raises its own soft limit to it. */
function openFilesLimit(): number {
  const text = execFileSync("/bin/sh", ["-c", "ulimit -H -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}
