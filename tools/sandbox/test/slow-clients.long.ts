import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { sendHalf } from "./drill/half-sent.ts";
import { startHelper } from "./drill/helper.ts";
import type { DrilledInstance } from "./drill/instance.ts";
import { flawsOf, type LoadReport, reportLine } from "./drill/load-report.ts";
import { type DrilledPath, openPath } from "./drill/path.ts";
import type { SlowHandlers, SlowPlan, SlowReport } from "./drill/slow-process.ts";
import { underLoad } from "./drill/under-load.ts";

const CLIENTS = 1_000;
const PER_SECOND = 50;
// The load balancer's limit for the headers of a request is its idle timeout; short, for a short drill.
const IDLE_TIMEOUT_MS = 8_000;
// The app's 15 s for a request and five times the second in which it looks, on a busy machine.
const LONGEST_MS = 60_000;

/** Lets slow clients loose on the load balancer while others go on asking at a fixed rate. */
async function beset(
  t: TestContext,
  path: DrilledPath,
  plan: Pick<SlowPlan, "part" | "everyMs">,
): Promise<{ slow: SlowReport; good: LoadReport }> {
  await using crawlers = await startHelper<SlowHandlers>("slow-process.ts");
  const to = { port: path.port, caPem: path.ca.certificatePem };
  let slow: SlowReport | undefined;
  const good = await underLoad({ ...to, perSecond: PER_SECOND, label: plan.part }, async () => {
    slow = await crawlers.ask("run", { ...to, ...plan, count: CLIENTS });
  });
  assert.ok(slow);
  t.diagnostic(`${CLIENTS} slow clients: ${JSON.stringify(slow)}`);
  t.diagnostic(`the others: ${reportLine(good)}`);
  assert.deepEqual(flawsOf(good, { perSecond: PER_SECOND }), []);
  return { slow, good };
}

function openSlowPath(): Promise<DrilledPath> {
  const prepare = async () => ({ idleTimeoutMs: IDLE_TIMEOUT_MS });
  return openPath({ topology: "alb-reencrypt", instances: 2, prepare });
}

test("a thousand clients that crawl through their headers are cut by the load balancer and never reach the app", {
  timeout: 120_000,
}, async (t) => {
  await using path = await openSlowPath();

  const { slow, good } = await beset(t, path, { part: "headers", everyMs: 1_000 });

  assert.deepEqual(slow.outcomes, { 408: CLIENTS });
  assert.ok(slow.lastedMs.max < LONGEST_MS);
  assert.deepEqual(Object.keys(good.outcomes).sort(), ["200", "201"]);
  for (const instance of path.instances) assert.doesNotMatch(instance.log(), /"statusCode":408/);
});

test("a thousand clients that crawl through their bodies are cut by the app, and the others are served", {
  timeout: 120_000,
}, async (t) => {
  await using path = await openSlowPath();

  const { slow, good } = await beset(t, path, { part: "body", everyMs: 1_000 });

  assert.deepEqual(slow.outcomes, { 408: CLIENTS });
  assert.ok(slow.lastedMs.max < LONGEST_MS);
  assert.deepEqual(Object.keys(good.outcomes).sort(), ["200", "201"]);
  assert.equal((await path.balancer.healthyInstances()).length, 2);
});

test("an instance told to stop while one request never ends cuts it at the hard limit and ends with 0", {
  timeout: 60_000,
}, async (t) => {
  await using path = await openPath({ topology: "alb-reencrypt", instances: 1 });
  const instance = path.instances[0] as DrilledInstance;
  const { call } = sendHalf(path);
  const { promise: stuck, resolve } = Promise.withResolvers<string>();
  call.on("response", ({ statusCode }) => resolve(String(statusCode)));
  call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  await delay(500);

  const { code, signal, tookMs, report } = await instance.end("SIGTERM");

  t.diagnostic(`ended after ${tookMs} ms; the stuck request got ${await stuck}; ${JSON.stringify(report)}`);
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.equal(report?.connectionsForced, 1);
  assert.equal(await stuck, "502");
});
