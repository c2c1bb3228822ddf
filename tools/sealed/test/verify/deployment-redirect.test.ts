import assert from "node:assert/strict";
import { test } from "node:test";
import { alsoOn80, rule, target } from "../support/verify/changes.ts";
import { GROUPS } from "../support/verify/deployed-names.ts";
import { startDeployedPath } from "../support/verify/deployed-path.ts";

test("an instance that leaves, and the port that sends clients on where that is wanted, are as promised", async () => {
  await using path = await startDeployedPath();
  target("draining", 443)(path.model);
  alsoOn80(false)(path.model);
  rule("0.0.0.0/0", 80, GROUPS.balancer)(path.model);

  const found = await path.verify("", { settings: { httpRedirect: true } });

  assert.deepEqual(found.wrong, []);
});

test("a port that should send clients on, and forwards them in plain HTTP, is named although it is wanted", async () => {
  await using path = await startDeployedPath();
  alsoOn80(true)(path.model);

  const found = await path.verify("", { settings: { httpRedirect: true } });

  assert.deepEqual(found.wrong, ["client-lb other-listener HTTP on 80"]);
});
