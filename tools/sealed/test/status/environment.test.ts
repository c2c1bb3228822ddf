import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeEnvironmentHealthCommand,
  DescribeEnvironmentsCommand,
  DescribeInstancesHealthCommand,
} from "@aws-sdk/client-elastic-beanstalk";
import { DescribeDBInstancesCommand, DescribePendingMaintenanceActionsCommand } from "@aws-sdk/client-rds";
import { awsError } from "../support/harness.ts";
import { hops, inDays, instance, runningDeployment } from "../support/running-deployment.ts";
import { showStatus } from "../support/show-status.ts";

for (const [HealthStatus, state, exitCode] of [
  ["Ok", "ok", 0],
  ["Info", "ok", 0],
  ["Pending", "unknown", 3],
  ["Warning", "attention", 1],
  ["Degraded", "attention", 1],
  ["Severe", "attention", 1],
  ["NoData", "attention", 1],
] as const) {
  test(`health ${HealthStatus}: ${state}`, async () => {
    const { beanstalk } = runningDeployment();
    beanstalk.on(DescribeEnvironmentHealthCommand).resolves({ HealthStatus });

    const screen = await showStatus("", { askApp: () => hops(1_000) });

    assert.deepEqual([screen.exitCode, screen.stateOf("health")], [exitCode, state]);
  });
}

test("causes are shown, of the environment and of each instance, over all pages", async () => {
  const { beanstalk } = runningDeployment();
  const sick = { ...instance("i-2"), HealthStatus: "Severe", Causes: ["100 % of CPU is in use"] };
  beanstalk
    .on(DescribeEnvironmentHealthCommand)
    .resolves({ HealthStatus: "Degraded", Color: "Red", Causes: ["1 out of 2 instances is unwell"] })
    .on(DescribeInstancesHealthCommand)
    .resolves({ InstanceHealthList: [sick] })
    .on(DescribeInstancesHealthCommand, { NextToken: undefined })
    .resolves({ InstanceHealthList: [instance("i-1")], NextToken: "2" });

  const { textOf, detailsOf } = await showStatus();

  assert.equal(textOf("health"), "Degraded (Red), 1 of 2 instances well");
  assert.deepEqual(detailsOf("health"), ["1 out of 2 instances is unwell", "i-2: 100 % of CPU is in use"]);
});

test("an instance that runs another version than the environment needs attention", async () => {
  const { beanstalk } = runningDeployment();
  beanstalk
    .on(DescribeInstancesHealthCommand)
    .resolves({ InstanceHealthList: [instance("i-1"), instance("i-2", "older")] });

  const { exitCode, stateOf, detailsOf } = await showStatus();

  assert.deepEqual([exitCode, stateOf("version")], [1, "attention"]);
  assert.deepEqual(detailsOf("version"), ["i-2 runs older"]);
});

test("an environment that is being updated, or is gone, needs attention", async () => {
  const { beanstalk } = runningDeployment();
  const name = { EnvironmentName: "sealed-sandbox-alb-reencrypt" };
  beanstalk
    .on(DescribeEnvironmentsCommand)
    .resolvesOnce({ Environments: [{ ...name, Status: "Updating", AbortableOperationInProgress: true }] })
    .resolvesOnce({ Environments: [{ ...name, Status: "Terminated" }] });

  const updating = await showStatus();
  const gone = await showStatus();

  assert.match(updating.textOf("environment"), /Updating, an update is under way/);
  assert.match(gone.textOf("environment"), /does not exist, although its stack does/);
  assert.equal(gone.exitCode, 1);
});

for (const [what, change, state, text] of [
  ["is being modified", { DBInstanceStatus: "modifying" }, "attention", /modifying/],
  ["is being backed up", { DBInstanceStatus: "backing-up" }, "ok", /backing-up/],
  [
    "has a certificate that ends",
    { CertificateDetails: { ValidTill: inDays(59) } },
    "attention",
    /certificate 59 days/,
  ],
  ["has a standby", { MultiAZ: true }, "ok", /with a standby/],
] as const) {
  test(`a database that ${what}: ${state}`, async () => {
    const { rds } = runningDeployment();
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        {
          DBInstanceIdentifier: "sealed-sandbox",
          DBInstanceStatus: "available",
          CertificateDetails: { ValidTill: inDays(300) },
          ...change,
        },
      ],
    });

    const { stateOf, textOf } = await showStatus();

    assert.equal(stateOf("database"), state);
    assert.match(textOf("database"), text);
  });
}

test("a database whose certificate's end nobody tells is not called well", async () => {
  const { rds } = runningDeployment();
  rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ DBInstanceStatus: "available" }] });

  const { exitCode, stateOf, textOf } = await showStatus("", { askApp: () => hops(1_000) });

  assert.deepEqual([exitCode, stateOf("database")], [3, "unknown"]);
  assert.match(textOf("database"), /certificate unknown days$/);
});

test("a database that does not exist needs attention", async () => {
  const { rds } = runningDeployment();
  rds
    .on(DescribeDBInstancesCommand)
    .rejects(awsError("DBInstanceNotFoundFault", "DBInstance sealed-sandbox not found."));

  const { stateOf, textOf } = await showStatus();

  assert.deepEqual([stateOf("database"), textOf("database")], ["attention", "sealed-sandbox does not exist"]);
});

test("what waits for the next maintenance is named, and never its values", async () => {
  const { rds } = runningDeployment();
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [
      {
        DBInstanceIdentifier: "sealed-sandbox",
        DBInstanceArn: "arn:db",
        DBInstanceStatus: "available",
        PendingModifiedValues: { DBInstanceClass: "db.t4g.small", MasterUserPassword: "****" },
      },
    ],
  });
  rds
    .on(DescribePendingMaintenanceActionsCommand)
    .resolves({
      PendingMaintenanceActions: [{ PendingMaintenanceActionDetails: [{ Action: "system-update" }] }],
    })
    .on(DescribePendingMaintenanceActionsCommand, { Marker: undefined })
    .resolves({
      PendingMaintenanceActions: [
        { PendingMaintenanceActionDetails: [{ Action: "db-upgrade", Description: "to 8.4.12" }] },
      ],
      Marker: "2",
    });

  const { detailsOf } = await showStatus();

  assert.deepEqual(detailsOf("database"), [
    "waits for the next maintenance: DBInstanceClass, MasterUserPassword",
    "pending maintenance: db-upgrade (to 8.4.12)",
    "pending maintenance: system-update",
  ]);
});
