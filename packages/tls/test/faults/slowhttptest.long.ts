import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { pipeline, Readable } from "node:stream";
import test from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { defaultDirectory, ensureProgram, type GuardedProcess, spawnGuarded } from "@sealed/servers";
import { get } from "../support/client.ts";
import { heldSockets } from "../support/held-sockets.ts";
import { startServer } from "../support/server.ts";

/** Far below the defaults, so that the attacks need not take minutes. */
const LIMITS = {
  headersTimeoutMs: 2_000,
  requestTimeoutMs: 2_000,
  answerTimeoutMs: 2_000,
  connectionsCheckingIntervalMs: 100,
};
/** By then all would have been over for long; a connection that is still open is one that nobody cuts. */
const LONGEST = ["-l", "30"];
const SENDERS = ["-c", "1000", "-r", "200", "-i", "1", ...LONGEST];
/** Fewer: each costs the server the megabytes that the buffers of loopback take before it can be slow. */
const READERS = 100;
const READING = [
  "-c",
  `${READERS}`,
  "-r",
  "50",
  "-n",
  "1",
  "-z",
  "32",
  "-w",
  "512",
  "-y",
  "1024",
  ...LONGEST,
];

const PART = Buffer.alloc(64 * 1024);

/** However much the kernel takes, there is more: what fits into its buffers is over for Node at once. */
function* endlessAnswer(): Generator<Buffer> {
  for (;;) yield PART;
}

const app: RequestListener = (request, response) => {
  if (request.url !== "/endless") request.on("end", () => response.end("ok")).resume();
  // The callback is there for those that are cut.
  else pipeline(Readable.from(endlessAnswer()), response, () => undefined);
};

async function startAttack(options: readonly string[]): Promise<GuardedProcess> {
  const packageName = "slowhttptest";
  const path = `usr/bin/${packageName}`;
  const { program } = await ensureProgram({ dir: defaultDirectory, packageName, path });
  return spawnGuarded(program, options, { name: packageName });
}

/** Returns why the tool ended, and whether the server answered its own probes. */
function verdictOf(tool: GuardedProcess) {
  const said = stripVTControlCharacters(tool.output());
  const probes = [...said.matchAll(/service available:\s+(YES|NO)/g)].map(([, answer]) => answer);
  return { ended: /Exit status:\s+(.*)/.exec(said)?.[1], probes: new Set(probes) };
}

/** Asks for a small page over and over until it is stopped, and returns how often it was served. */
function startVisitor(port: number): { served(): number; stop(): Promise<number> } {
  let isOpen = true;
  let served = 0;
  const visits = (async () => {
    for (; isOpen; served++) assert.equal((await get(port)).status, 200);
    return served;
  })();
  const stop = () => {
    isOpen = false;
    return visits;
  };
  return { served: () => served, stop };
}

for (const [what, option] of [
  ["headers", "-H"],
  ["bodies", "-B"],
] as const) {
  test(`1,000 connections of slowhttptest that never end their ${what} are all cut, and others are served`, async (t) => {
    const { server, port } = await startServer(t, { limits: LIMITS }, app);
    const visitor = startVisitor(port);
    await using tool = await startAttack([option, ...SENDERS, "-u", `https://127.0.0.1:${port}/`]);
    await tool.exited;
    const served = await visitor.stop();

    t.diagnostic(`${served} other requests were served`);
    assert.deepEqual(verdictOf(tool), { ended: "No open connections left", probes: new Set(["YES"]) });
    assert.ok(server.state().handshakes.ok >= served + 1_000);
  });
}

test(`${READERS} connections of slowhttptest that hardly read leave nothing behind, and others are served`, async (t) => {
  const { server, port } = await startServer(t, { limits: LIMITS }, app);
  const visitor = startVisitor(port);
  await using tool = await startAttack(["-X", ...READING, "-u", `https://127.0.0.1:${port}/endless`]);
  let isOver = false;
  void tool.exited.then(() => {
    isOver = true;
  });
  const attackers = () => server.state().handshakes.ok - visitor.served();
  while (attackers() < READERS && !isOver) await delay(20);
  const served = await visitor.stop();
  // The tool does not notice that it was cut, and goes on trying.
  while (heldSockets(port) > 0 && !isOver) await delay(20);

  await tool.stop({ signal: "SIGINT", withinMs: 5_000 });

  t.diagnostic(`${served} other requests were served`);
  assert.deepEqual(verdictOf(tool), { ended: "Cancelled by user", probes: new Set(["YES"]) });
  assert.ok(server.state().handshakes.ok >= served + READERS);
});
