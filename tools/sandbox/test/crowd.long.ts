import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { CrowdHandlers, CrowdReport } from "./drill/crowd-process.ts";
import type { FloodHandlers } from "./drill/flood-process.ts";
import { type Helper, startHelper } from "./drill/helper.ts";
import { openLoneInstance } from "./drill/lone-instance.ts";

/** What the app takes at most: `maxConnections` of packages/tls. */
const MOST_CONNECTIONS = 10_000;
// Opening them all takes longer on a slow machine than a load balancer's 60 s.
const PATIENT = { LB_IDLE_TIMEOUT_SECONDS: "600" };
const FLOOD_SECONDS = 10;
const KEPT_CLIENTS = 50;
// Far above what was measured. A new connection meets a full queue, and Linux asks again after 1, 3, 7, 15 and 31 s.
const LONGEST_ON_KEPT_MS = 5_000;
const LONGEST_ON_NEW_MS = 60_000;

async function memoryKib(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/**
 * Returns how many handshakes the app takes at most: the best of three measurements, for an app that has just begun
 * and a machine that is busy take fewer, and twice that would be no flood.
 */
async function handshakesPerSecond(flood: Helper<FloodHandlers>, port: number): Promise<number> {
  const measured: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { answered, seconds } = await flood.ask("saturate", { port, atOnce: 64, seconds: 2 });
    measured.push(Math.ceil(answered / seconds));
  }
  return Math.max(...measured);
}

test("10,000 idle connections fill the app: new ones are refused, old ones served, and it recovers", {
  timeout: 180_000,
}, async (t) => {
  await using lone = await openLoneInstance(PATIENT);
  const { port, pid } = lone.instance;
  await using crowd = await startHelper<CrowdHandlers>("crowd-process.ts");
  await using stranger = await startHelper<CrowdHandlers>("crowd-process.ts");
  await crowd.ask("open", { port, count: 50 });
  const before = await memoryKib(pid);

  const opened = await crowd.ask("open", { port, count: MOST_CONNECTIONS - 50 });
  const perConnectionKib = ((await memoryKib(pid)) - before) / (MOST_CONNECTIONS - 50);
  const refused = await stranger.ask("askAnew", { port, count: 20 });
  const old = await crowd.ask("askAgain", { port, count: 500 });
  await crowd.ask("close", 100);
  await delay(500);
  const recovered = await stranger.ask("askAnew", { port, count: 20 });

  t.diagnostic(`${perConnectionKib.toFixed(1)} KiB for each connection`);
  t.diagnostic(JSON.stringify({ opened, refused, old, recovered }));
  assert.deepEqual(opened.outcomes, { 200: MOST_CONNECTIONS - 50 });
  assert.deepEqual(refused.outcomes, { ECONNRESET: 20 });
  assert.deepEqual(old.outcomes, { 200: 500 });
  assert.deepEqual(recovered.outcomes, { 200: 20 });
});

test("a flood of handshakes beyond what the app can take leaves its kept connections alone, and new ones wait", {
  timeout: 120_000,
}, async (t) => {
  await using lone = await openLoneInstance();
  const { port } = lone.instance;
  await using flood = await startHelper<FloodHandlers>("flood-process.ts");
  await using clients = await startHelper<CrowdHandlers>("crowd-process.ts");
  await using checker = await startHelper<CrowdHandlers>("crowd-process.ts");
  await clients.ask("open", { port, count: KEPT_CLIENTS });
  const perSecond = 2 * (await handshakesPerSecond(flood, port));
  const calm = await clients.ask("askAgain", { port, count: KEPT_CLIENTS });

  await flood.ask("start", { port, perSecond });
  const endsAtMs = performance.now() + FLOOD_SECONDS * 1_000;
  const repeat = async (send: () => Promise<CrowdReport>) => {
    const reports: CrowdReport[] = [];
    while (performance.now() < endsAtMs) {
      reports.push(await send());
      await delay(100);
    }
    return reports;
  };
  const [kept, checks] = await Promise.all([
    repeat(() => clients.ask("askAgain", { port, count: KEPT_CLIENTS })),
    repeat(() => checker.ask("askAnew", { port, count: 1 })),
  ]);
  const flooded = await flood.ask("stop", null);
  const after = await clients.ask("askAgain", { port, count: KEPT_CLIENTS });

  const slowest = (reports: CrowdReport[]) => Math.max(...reports.map(({ slowestMs }) => slowestMs));
  t.diagnostic(`capacity ${perSecond / 2} handshakes a second; ${JSON.stringify(flooded)}`);
  t.diagnostic(
    `slowest answer, ms: kept connection ${slowest(kept)} (calm ${calm.slowestMs}, after ${after.slowestMs}), new one ${slowest(checks)}`,
  );
  t.diagnostic(`${kept.length} rounds of ${KEPT_CLIENTS} on kept connections, ${checks.length} on new ones`);
  assert.ok(flooded.begun > 1.5 * flooded.answered, "the app had far more to answer than it could");
  for (const { outcomes } of [...kept, after]) assert.deepEqual(outcomes, { 200: KEPT_CLIENTS });
  for (const { outcomes } of checks) assert.deepEqual(outcomes, { 200: 1 });
  assert.ok(slowest(kept) < LONGEST_ON_KEPT_MS && slowest(checks) < LONGEST_ON_NEW_MS);
});
