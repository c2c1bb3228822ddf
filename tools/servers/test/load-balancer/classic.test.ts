import assert from "node:assert/strict";
import { test } from "node:test";
import { balance, ca, selfSigned, trusted } from "./balance.ts";
import { get, untilStatus } from "./client.ts";
import { startInstance } from "./instance.ts";

const timeout = 30_000;

test("a classic load balancer talks to the pinned key", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("clb-backend-auth", [instance], [selfSigned]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.protocol, "TLSv1.2");
  assert.deepEqual([...instance.protocols], ["TLSv1.2"]);
  assert.equal(instance.requests[0]?.headers["x-forwarded-proto"], "https");
});

test("a classic load balancer answers 503 for another key and sends it no request", { timeout }, async () => {
  await using impostor = await startInstance("app-1", await ca.issue({ selfSigned: true }));
  await using balancer = await balance("clb-backend-auth", [impostor], [selfSigned]);
  const untilDown = async () => {
    while (!/instances,app-1,.*,DOWN/.test(await balancer.command("show stat"))) {}
  };
  await untilDown();

  const refused = await get(balancer.port, trusted, { path: "/secret" });
  // With the health check out of the way, the handshake itself must refuse.
  await balancer.command("disable health instances/app-1");
  await balancer.command("set server instances/app-1 health up");
  const refusedAgain = await get(balancer.port, trusted, { path: "/secret" });

  assert.deepEqual([refused.status, refusedAgain.status], [503, 503]);
  assert.equal(impostor.requests.length, 0);
});

test("a certificate that the private CA signed is no pinned one", { timeout }, async () => {
  await using impostor = await startInstance("app-1", await ca.issue());
  await using balancer = await balance("clb-backend-auth", [impostor], [selfSigned]);

  assert.equal((await get(balancer.port, trusted)).status, 503);
  assert.equal(impostor.requests.length, 0);
});

test("two pinned keys serve side by side while a key is rotated", { timeout }, async () => {
  const next = await ca.issue({ selfSigned: true });
  await using first = await startInstance("app-1", selfSigned);
  await using second = await startInstance("app-2", next);
  await using balancer = await balance("clb-backend-auth", [first, second], [selfSigned, next]);

  const names = new Set<string>();
  while (names.size < 2) names.add((await untilStatus(balancer.port, trusted, 200)).body);

  assert.deepEqual([...names].sort(), ["app-1", "app-2"]);
});
