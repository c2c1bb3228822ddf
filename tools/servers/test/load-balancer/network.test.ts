import assert from "node:assert/strict";
import { test } from "node:test";
import { balance, ca, trusted } from "./balance.ts";
import { untilStatus } from "./client.ts";
import { startInstance } from "./instance.ts";

const timeout = 30_000;

test("with a network load balancer the client sees the instance's own certificate", { timeout }, async () => {
  const certificate = await ca.issue({ commonName: "the instance itself" });
  await using instance = await startInstance("app-1", certificate);
  await using balancer = await balance("nlb-passthrough", [instance]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.peer.subject.CN, "the instance itself");
  assert.equal(instance.requests[0]?.headers["x-forwarded-for"], undefined);
});
