import assert from "node:assert/strict";
import test from "node:test";
import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { emptyAccount } from "../support/aws.ts";
import { awsError, sealed } from "../support/harness.ts";
import { hops, inDays, NOW, runningDeployment } from "../support/running-deployment.ts";
import { showStatus } from "../support/show-status.ts";

test("a deployment that is well: one screen, exit code 0", async () => {
  runningDeployment();

  const { exitCode, output } = await sealed("status", { now: NOW, askApp: () => hops(90_000) });

  assert.equal(exitCode, 0);
  assert.match(output, /^alb-reencrypt, sandbox, account 111122223333 in eu-west-1$/m);
  assert.match(output, /^environment +ok +sealed-sandbox-alb-reencrypt, Ready$/m);
  assert.match(output, /^health +ok +Ok \(Green\), 1 of 1 instances well$/m);
  assert.match(
    output,
    /^version +ok +0a1b2c3d on Node\.js 24 running on 64bit Amazon Linux 2023\/6\.10\.0$/m,
  );
  assert.match(output, /^certificate +ok +200 days left, at the load balancer, in ACM$/m);
  assert.match(output, /^database token +ok +90 s old; no failure in the last hour$/m);
  assert.match(
    output,
    /^last deployment +ok +2026-11-22T09:00:00\.000Z, newest version 0a1b2c3d: UPDATE_COMPLETE$/m,
  );
  assert.match(output, /^wanted until +ok +2026-11-24T10:00:00\.000Z$/m);
  assert.match(output, /^alarms +ok +none of 1 raised$/m);
  assert.match(
    output,
    /^database +ok +sealed-sandbox, available, MySQL 8\.4\.11, db\.t4g\.micro in one zone, certificate 300 days$/m,
  );
});

test("status where nothing is deployed ends with 3, and the command that deploys", async () => {
  emptyAccount();

  const { exitCode, output } = await sealed("status --json");

  const { error } = JSON.parse(output) as { error: { code: string; mend: string[] } };
  assert.equal(exitCode, 3);
  assert.equal(error.code, "SEALED_ENVIRONMENT_MISSING");
  assert.deepEqual(error.mend, ["npx turbo deploy"]);
});

test("status asks nothing of another account", async () => {
  const { sts, cloudFormation } = runningDeployment();
  sts.resolves({ Account: "999988887777" });

  const { exitCode } = await sealed("status");

  assert.equal(exitCode, 2);
  assert.equal(cloudFormation.calls().length, 0);
});

for (const [status, state, exitCode] of [
  ["UPDATE_ROLLBACK_COMPLETE", "attention", 1],
  ["UPDATE_FAILED", "attention", 1],
  ["UPDATE_IN_PROGRESS", "unknown", 3],
] as const) {
  test(`a last deployment that left ${status}: ${state}`, async () => {
    const { cloudFormation } = runningDeployment();
    cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-data" }).resolves({
      Stacks: [
        {
          StackName: "sealed-sandbox-data",
          StackStatus: status,
          StackStatusReason: "a reason",
          CreationTime: inDays(-1),
        },
      ],
    });

    const screen = await showStatus("", { askApp: () => hops(1_000) });

    assert.deepEqual([screen.exitCode, screen.stateOf("last-deployment")], [exitCode, state]);
    if (state === "attention") {
      assert.deepEqual(screen.detailsOf("last-deployment"), [`sealed-sandbox-data: ${status}, a reason`]);
    }
  });
}

test("a sandbox beyond its time to live needs attention, with the command that removes it", async () => {
  runningDeployment();

  const { exitCode, stateOf, detailsOf } = await showStatus("", { now: inDays(10) });

  assert.deepEqual([exitCode, stateOf("time-to-live")], [1, "attention"]);
  assert.match(detailsOf("time-to-live").join(), /npx turbo destroy/);
});

test("alarms are read over all pages, and each raised one is shown with what it means", async () => {
  const { cloudWatch } = runningDeployment();
  const page = (StateValue: "OK" | "ALARM", from: number) =>
    Array.from({ length: 100 }, (_, index) => ({
      AlarmName: `sealed-sandbox-web-${from + index}`,
      AlarmDescription: "something is wrong",
      StateValue,
      StateUpdatedTimestamp: NOW,
    }));
  const web = { AlarmNamePrefix: "sealed-sandbox-web-" };
  cloudWatch
    .on(DescribeAlarmsCommand, web)
    .resolves({ MetricAlarms: page("OK", 200) })
    .on(DescribeAlarmsCommand, { ...web, NextToken: undefined })
    .resolves({ MetricAlarms: page("OK", 0), NextToken: "2" })
    .on(DescribeAlarmsCommand, { ...web, NextToken: "2" })
    .resolves({ MetricAlarms: page("ALARM", 100), NextToken: "3" });

  const { exitCode, textOf, detailsOf } = await showStatus();

  assert.equal(exitCode, 1);
  assert.equal(textOf("alarms"), "100 of 300 raised");
  assert.equal(
    detailsOf("alarms")[0],
    "sealed-sandbox-web-100 since 2026-11-22T10:00:00.000Z: something is wrong",
  );
});

test("a deployment without a single alarm needs attention", async () => {
  const { cloudWatch } = runningDeployment();
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolves({})
    .on(DescribeAlarmsCommand, { AlarmNamePrefix: "sealed-sandbox-web-" })
    .resolves({});

  assert.equal((await showStatus()).stateOf("alarms"), "attention");
});

test("a certificate of ACM that should have been renewed needs attention", async () => {
  const { acm } = runningDeployment();
  acm.on(DescribeCertificateCommand).resolves({ Certificate: { NotAfter: inDays(20) } });

  const { exitCode, stateOf, textOf } = await showStatus();

  assert.deepEqual([exitCode, stateOf("certificate")], [1, "attention"]);
  assert.match(textOf("certificate"), /^20 days left/);
});

test("what may not be read is shown as such, ends with 3, and hides nothing else", async () => {
  const { cloudWatch, rds } = runningDeployment();
  cloudWatch
    .on(DescribeAlarmsCommand, { AlarmNamePrefix: "sealed-sandbox-web-" })
    .rejects(awsError("AccessDenied", "no"));
  rds.reset();
  rds.rejects(Object.assign(awsError("InternalFailure", "try later"), { $fault: "server" }));

  const { exitCode, stateOf, textOf } = await showStatus("", { askApp: () => hops(1_000) });

  assert.equal(exitCode, 3);
  assert.equal(stateOf("alarms"), "unreadable");
  assert.equal(textOf("database"), "AWS did not do what it was asked (AWS: InternalFailure: try later)");
  assert.equal(stateOf("health"), "ok");
});
