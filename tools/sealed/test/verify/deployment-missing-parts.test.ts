import assert from "node:assert/strict";
import { test } from "node:test";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { startDeployedPath } from "../support/verify/deployed-path.ts";

for (const topology of ["alb-reencrypt", "clb-backend-auth"] as const) {
  test(`a deployed ${topology} whose load balancer is gone is named, and nobody else's is asked about`, async () => {
    await using path = await startDeployedPath(topology);
    path.model.hasLoadBalancer = false;

    const { wrong } = await path.verify();

    assert.deepEqual(wrong, [
      "client-lb listener",
      "client-lb security-group no group",
      "lb-app security-group sg-app",
    ]);
    assert.equal(path.account.elbv2.calls().length + path.account.classic.calls().length, 0);
  });
}

test("an environment without instances is named, and no other instance is asked about", async () => {
  await using path = await startDeployedPath();
  path.model.instances = [];
  path.model.targets = [];

  const { wrong } = await path.verify("--probe-instances");

  assert.deepEqual(wrong, [
    "lb-app targets app",
    "lb-app security-group no group",
    "app-db security-group sg-db",
  ]);
  assert.equal(path.account.ec2.commandCalls(DescribeInstancesCommand).length, 0);
  assert.equal(path.account.ssm.calls().length, 0);
});
