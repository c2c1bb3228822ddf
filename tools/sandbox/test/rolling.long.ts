import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { DrilledInstance, Ending } from "./drill/instance.ts";
import { readLedger } from "./drill/ledger.ts";
import {
  flawsOf,
  type LoadReport,
  lostRequests,
  percentile,
  reportLine,
  serverErrors,
} from "./drill/load-report.ts";
import { type DrilledPath, openPath, untilHealthy } from "./drill/path.ts";
import { underLoad } from "./drill/under-load.ts";

const PER_SECOND = 300;
const REPLACEMENTS = 20;
// The drain's 3 s, the second that a silent connection gets, and room for a busy machine.
const LONGEST_END_MS = 15_000;

function load(path: DrilledPath, label: string, drill: () => Promise<void>): Promise<LoadReport> {
  const plan = { port: path.port, caPem: path.ca.certificatePem, perSecond: PER_SECOND, label };
  return underLoad(plan, drill);
}

/** Ends one instance, starts it again and returns once all are in service. */
async function replace(
  path: DrilledPath,
  instance: DrilledInstance,
  signal: NodeJS.Signals,
): Promise<Ending> {
  const ending = await instance.end(signal);
  // Until the load balancer has noticed the end, it would take the old process for the new one.
  while ((await path.balancer.healthyInstances()).includes(instance.name)) await delay(25);
  instance.startAgain();
  await untilHealthy(path.balancer, path.instances.length);
  return ending;
}

function tell(t: TestContext, report: LoadReport, endings: readonly Ending[]): void {
  t.diagnostic(reportLine(report));
  const ends = endings.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  t.diagnostic(`end of a process, ms: p50 ${percentile(ends, 0.5)}, most ${ends.at(-1)}`);
}

test("two instances replaced one after the other, 20 times at 300 requests a second, lose no request and no write", {
  timeout: 230_000,
}, async (t) => {
  await using path = await openPath({ topology: "alb-reencrypt", instances: 2 });
  const endings: Ending[] = [];

  const report = await load(path, "rolling", async () => {
    for (let round = 0; round < REPLACEMENTS; round++) {
      const instance = path.instances[round % 2] as DrilledInstance;
      endings.push(await replace(path, instance, "SIGTERM"));
    }
  });

  tell(t, report, endings);
  const { missing, doubled, unacknowledged } = await readLedger(path.database, report, "rolling");
  assert.deepEqual(Object.keys(report.outcomes).sort(), ["200", "201"], "only answers, and only good ones");
  assert.deepEqual({ missing, doubled, unacknowledged }, { missing: [], doubled: [], unacknowledged: [] });
  assert.deepEqual(flawsOf(report, { perSecond: PER_SECOND }), []);
  assert.equal(endings.length, REPLACEMENTS);
  for (const { code, tookMs, report: drain } of endings) {
    assert.equal(code, 0);
    assert.equal(drain?.connectionsForced, 0);
    assert.ok((drain?.requestsServed ?? 0) > 0, "was asked until the load balancer noticed");
    assert.ok(tookMs < LONGEST_END_MS, `${tookMs} ms`);
  }
});

for (const { how, settings, signal } of [
  { how: "killed", settings: {}, signal: "SIGKILL" },
  { how: "told to stop without a time to drain", settings: { DRAIN_SECONDS: "0" }, signal: "SIGTERM" },
] as const) {
  test(`the same load counts failures when an instance is ${how}, and still no acknowledged write is lost`, {
    timeout: 60_000,
  }, async (t) => {
    await using path = await openPath({
      topology: "alb-reencrypt",
      instances: 2,
      settings: async () => ({ settings }),
    });
    const endings: Ending[] = [];

    const report = await load(path, "teeth", async () => {
      endings.push(await replace(path, path.instances[0] as DrilledInstance, signal));
    });

    tell(t, report, endings);
    assert.ok(lostRequests(report) + serverErrors(report) > 0, JSON.stringify(report.outcomes));
    assert.ok(report.acknowledged.length > 0, "an empty ledger misses nothing");
    const { missing, doubled } = await readLedger(path.database, report, "teeth");
    assert.deepEqual({ missing, doubled }, { missing: [], doubled: [] });
  });
}
