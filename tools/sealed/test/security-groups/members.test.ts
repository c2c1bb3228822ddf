import assert from "node:assert/strict";
import test from "node:test";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { needed } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

test("a target that no interface of the VPC has is refused: its groups cannot be judged", async () => {
  const { ec2, v2 } = fakePath({ targetGroup: { TargetType: "ip" } });
  ec2.give(needed);
  v2.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: ["10.0.2.11", "192.168.7.7"].map((Id) => ({ Target: { Id, Port: 443 } })),
  });

  const { exitCode, errors } = await sealed("audit --load-balancer lb");

  assert.equal(exitCode, 1);
  assert.match(errors, /target 192\.168\.7\.7 of load balancer lb is on no network interface of its VPC/);
});

test("an instance that was terminated, and is still registered, needs nothing", async () => {
  const { ec2, client } = fakePath();
  ec2.give(needed);
  const SecurityGroups = [{ GroupId: APP_GROUP }];
  client.on(DescribeInstancesCommand).resolves({
    Reservations: [
      { Instances: ["i-1", "i-2"].map((InstanceId) => ({ InstanceId, SecurityGroups })) },
      { Instances: [{ InstanceId: "i-gone", SecurityGroups: [], State: { Name: "terminated" } }] },
    ],
  });

  const { exitCode, output } = await sealed("audit --load-balancer lb");

  assert.equal(exitCode, 0);
  assert.match(output, /instances {2}i-1, i-2$/m);
});
