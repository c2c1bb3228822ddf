import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import {
  defaultDirectory,
  ensurePrograms,
  freePort,
  type PrivateCa,
  privateCa,
  startLoadBalancer,
} from "@sealed/servers";
import { startHelper } from "./drill/helper.ts";
import type { KeepAlive, KeepAliveServerHandlers } from "./drill/keep-alive-server.ts";
import type { SpacedHandlers, SpacedPlan, SpacedReport } from "./drill/spaced-process.ts";

// A second of AWS lasts 50 ms here.
const SCALE = 20;
const LB_IDLE_MS = 60_000;
const IDLE_MS = LB_IDLE_MS / SCALE;
// Between an answer and the next request: up to shortly before the load balancer closes, and well after it did.
const WITHIN = [0.4 * IDLE_MS, 0.85 * IDLE_MS];
const BEYOND = [1.25 * IDLE_MS, 1.3 * IDLE_MS];
// Each 25th finds its connection closed, as it should.
const REQUESTS = 21_000;
const timeout = 120_000;

let directory: string;
let ca: PrivateCa;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-race-"));
  ca = await privateCa({ dir: directory });
});
after(() => rm(directory, { recursive: true, force: true }));

/** Sends spaced requests through a load balancer to a server that keeps connections as long as `choose` says. */
async function race(
  t: TestContext,
  choose: (ask: Awaited<ReturnType<typeof startServer>>["ask"]) => Promise<KeepAlive>,
  plan: (closesAfterMs: number) => Omit<SpacedPlan, "port" | "caPem">,
): Promise<SpacedReport & { closedByServer: number }> {
  await using server = await startServer();
  const { timeoutMs, bufferMs } = await choose(server.ask);
  const scaled = { timeoutMs: timeoutMs / SCALE, bufferMs: bufferMs / SCALE };
  const port = await server.ask("listen", scaled);
  await using balancer = await startLoadBalancer({
    dir: directory,
    programs: await ensurePrograms({ dir: defaultDirectory }),
    topology: "alb-reencrypt",
    port: await freePort(),
    instances: [{ name: "app-1", host: "127.0.0.1", port }],
    idleTimeoutMs: IDLE_MS,
    // Each connection to the instance lies idle exactly as long as its client's, and ends at the idle timeout.
    instanceConnections: "per-client",
  });
  while ((await balancer.healthyInstances()).length === 0);
  await using clients = await startHelper<SpacedHandlers>("spaced-process.ts");
  const to = { port: balancer.port, caPem: ca.certificatePem };
  const report = await clients.ask("run", { ...to, ...plan(scaled.timeoutMs + scaled.bufferMs) });
  const closedByServer = await server.ask("closedIdle", null);
  t.diagnostic(
    `idle for ${JSON.stringify(scaled)} behind ${IDLE_MS} ms: ${JSON.stringify({ ...report, brokeAfterMs: report.brokeAfterMs.slice(0, 8), closedByServer })}`,
  );
  return { ...report, closedByServer };
}

function startServer() {
  return startHelper<KeepAliveServerHandlers>("keep-alive-server.ts");
}

test("no answer is missing among 20,000 spaced requests with the idle time that follows from the load balancer's", {
  timeout,
}, async (t) => {
  const report = await race(
    t,
    (ask) => ask("derived", LB_IDLE_MS),
    () => ({
      connections: 1_000,
      requests: REQUESTS,
      gapsMs: [...Array(24).fill(WITHIN), BEYOND],
      longestIdleMs: 0.9 * IDLE_MS,
    }),
  );

  assert.deepEqual(report.outcomes, { 200: REQUESTS - report.reopened });
  assert.equal(report.closedByServer, 0, "the load balancer is always the first to close");
  assert.ok(report.reopened > REQUESTS / 30, "and it did close");
});

for (const { whose, choose } of [
  {
    whose: "Node's own idle time",
    choose: (ask: Awaited<ReturnType<typeof startServer>>["ask"]) => ask("usual", null),
  },
  {
    whose: "an idle time five seconds below the load balancer's",
    choose: async () => ({ timeoutMs: LB_IDLE_MS - 6_000, bufferMs: 1_000 }),
  },
]) {
  test(`answers are missing among spaced requests with ${whose}`, { timeout }, async (t) => {
    const report = await race(t, choose, (closesAfterMs) => ({
      connections: 500,
      requests: 3_000,
      gapsMs: [[closesAfterMs - 3, closesAfterMs + 5]],
      longestIdleMs: IDLE_MS,
    }));

    const { 200: answered, ...missing } = report.outcomes;
    assert.ok(report.closedByServer > 0);
    assert.ok(Object.keys(missing).length > 0, `${answered} answered, none missing`);
  });
}
