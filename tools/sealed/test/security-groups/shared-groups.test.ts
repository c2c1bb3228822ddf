import assert from "node:assert/strict";
import test from "node:test";
import { APP_GROUP, fakePath, LOAD_BALANCER_GROUP } from "../support/cloud/fake-path.ts";
import { everybody, needed } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

test("a group that others use is not changed unless --shared names it", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.interfaces.push({ description: "", groupIds: [APP_GROUP], instanceId: "i-bastion" });

  const refused = await sealed("lockdown --apply");
  const accepted = await sealed(`lockdown --apply --shared ${APP_GROUP}`);

  assert.equal(refused.exitCode, 2);
  assert.match(
    refused.output,
    /warning: group sg-app is also used by i-bastion: its rules hold for them too/,
  );
  assert.match(refused.errors, /others use the same groups: sg-app \(used by i-bastion\)/);
  assert.equal(accepted.exitCode, 0);
});

test("a source group that others wear is no lock: it is refused too", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.interfaces.push({ description: "ELB app/another/77aa", groupIds: [LOAD_BALANCER_GROUP] });

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 2);
  assert.match(errors, /sg-lb \(used by ELB app\/another\/77aa\)/);
  assert.equal(ec2.rules.size, 1);
});

test("a group that load balancer and instances have in common is refused", async () => {
  const { ec2 } = fakePath({ groupIds: [APP_GROUP] });
  ec2.give(everybody);

  const { exitCode, errors } = await sealed("lockdown --apply --shared sg-app");

  assert.equal(exitCode, 2);
  assert.match(errors, /load balancer lb and its instances have group sg-app in common/);
});

test("a group that others use makes the verdict of audit negative, unless --shared names it", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.interfaces.push({ description: "", groupIds: [APP_GROUP], instanceId: "i-bastion" });

  const plain = await sealed("audit");
  const accepted = await sealed(`audit --shared ${APP_GROUP}`);

  assert.deepEqual([plain.exitCode, accepted.exitCode], [1, 0]);
  assert.match(plain.output, /groups that others use: 1/);
  assert.match(accepted.output, /note: group sg-app is also used by i-bastion/);
});

test("what is needed goes into a group that nobody else uses, where there is one", async () => {
  const { ec2 } = fakePath();
  const common = "sg-a-common";
  const instances = ec2.instances.map((one) => ({ ...one, groupIds: [common, APP_GROUP] }));
  ec2.instances.splice(0, instances.length, ...instances);
  ec2.interfaces.push({ description: "", groupIds: [common], instanceId: "i-bastion" });

  const { output } = await sealed("audit --json");

  assert.deepEqual(
    JSON.parse(output).missing.map(({ groupId }: { groupId: string }) => groupId),
    [APP_GROUP],
  );
});
