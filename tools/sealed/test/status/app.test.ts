import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DescribeStacksCommand, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { REPOSITORY } from "../../src/repository.ts";
import { APP_METRICS } from "../../src/status/app-metrics.ts";
import { hops, NOW, runningDeployment } from "../support/running-deployment.ts";
import { showStatus } from "../support/show-status.ts";
import { production } from "../support/world.ts";

test("where the app does not answer, its metrics tell the oldest token and the fewest days", async () => {
  const { cloudFormation, cloudWatch } = runningDeployment();
  cloudFormation.on(ListStackResourcesCommand, { StackName: "sealed-sandbox-web" }).resolves({});
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      { Id: "tokenAgeSeconds", Values: [412.5, 352] },
      { Id: "certificateDays", Values: [4.2] },
    ],
  });

  const { exitCode, textOf } = await showStatus();

  assert.equal(exitCode, 0);
  assert.equal(textOf("token"), "412 s old; no failure in the last hour");
  assert.equal(textOf("certificate"), "4 days left, the app's own, as it says");
  const [call] = cloudWatch.commandCalls(GetMetricDataCommand);
  const stats = call?.args[0].input.MetricDataQueries?.map(({ MetricStat }) => [
    MetricStat?.Metric?.Namespace,
    MetricStat?.Metric?.MetricName,
    MetricStat?.Stat,
  ]);
  assert.deepEqual(stats, [
    ["Sealed/sealed-sandbox", "DatabaseTokenAge", "Maximum"],
    ["Sealed/sealed-sandbox", "AppCertificateDaysLeft", "Minimum"],
    ["Sealed/sealed-sandbox", "AppConnections", "Maximum"],
  ]);
});

test("the metrics that are read are those that the deployment makes", () => {
  const source = readFileSync(join(REPOSITORY, "infra/lib/constructs/app-metrics.ts"), "utf8");

  for (const { name } of Object.values(APP_METRICS)) assert.match(source, new RegExp(`^ {2}${name}: `, "m"));
});

test("where clients see the app's own certificate, its days are the app's to tell", async () => {
  const { cloudFormation } = runningDeployment();
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolves({})
    .on(ListStackResourcesCommand, { StackName: "sealed-sandbox-web" })
    .resolves({});

  const told = await showStatus("", { askApp: () => hops(1_000, 3.7) });
  const silent = await showStatus();

  assert.deepEqual(
    [told.stateOf("certificate"), told.textOf("certificate")],
    ["ok", "3 days left, the app's own, as it says"],
  );
  assert.equal(silent.stateOf("certificate"), "unknown");
});

/** Production that was deployed so many minutes ago, and is well. */
function runningProduction(minutesAgo: number) {
  const account = runningDeployment();
  const deployedAt = new Date(NOW.getTime() - minutesAgo * 60_000);
  account.cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      { StackName: "sealed-production-web", StackStatus: "CREATE_COMPLETE", CreationTime: deployedAt },
    ],
  });
  account.cloudWatch
    .on(DescribeAlarmsCommand)
    .resolves({ MetricAlarms: [{ AlarmName: "sealed-production-web-Latency", StateValue: "OK" }] });
  return account;
}

test("a production of minutes ago has no token metric yet, which is as expected and ends with 0", async () => {
  runningProduction(4);

  const { exitCode, stateOf, textOf } = await showStatus("", { settings: production });

  assert.deepEqual([exitCode, stateOf("token")], [0, "absent"]);
  assert.equal(
    textOf("token"),
    "no age yet: the hops page is off in production, and the app was deployed 4 minutes ago, " +
      "its first metrics come within 15; no failure in the last hour",
  );
  assert.equal(textOf("time-to-live"), "further notice: its stacks carry no time to live");
});

test("a production whose app has not said a word for longer is not known, and ends with 3", async () => {
  runningProduction(16);

  const { exitCode, stateOf, textOf } = await showStatus("", { settings: production });

  assert.deepEqual([exitCode, stateOf("token")], [3, "unknown"]);
  assert.equal(
    textOf("token"),
    "age unknown: the hops page is off in production, and the app has sent no metric in the last 15 minutes; " +
      "no failure in the last hour",
  );
});

test("an app that sends metrics and none of a token signs in without one, which is no fault", async () => {
  const { cloudWatch } = runningProduction(600);
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      { Id: "connections", Values: [2] },
      { Id: "certificateDays", Values: [50] },
      { Id: "tokenAgeSeconds", Values: [] },
    ],
  });

  const { exitCode, stateOf, textOf } = await showStatus("", { settings: production });

  assert.deepEqual([exitCode, stateOf("token")], [0, "absent"]);
  assert.equal(textOf("token"), "none: the app tells of no token; no failure in the last hour");
});

test("an app whose database connection was opened without a token has none, which is no fault", async () => {
  runningDeployment();

  const { exitCode, stateOf, textOf } = await showStatus("", { askApp: () => hops(null) });

  assert.deepEqual([exitCode, stateOf("token")], [0, "absent"]);
  assert.equal(textOf("token"), "none: the app signs in by its password; no failure in the last hour");
});

test("the app's own certificate has no days yet minutes after the deployment, and must have them later", async () => {
  const { cloudFormation } = runningProduction(4);
  cloudFormation.on(ListStackResourcesCommand).resolves({});
  const young = await showStatus("", { settings: production });
  runningProduction(16).cloudFormation.on(ListStackResourcesCommand).resolves({});
  const old = await showStatus("", { settings: production });

  assert.deepEqual([young.stateOf("certificate"), young.exitCode], ["absent", 0]);
  assert.deepEqual([old.stateOf("certificate"), old.exitCode], ["unknown", 3]);
});

for (const [what, askApp, why] of [
  ["refuses", () => ({ ...hops(1_000), status: 503 }), /answers 503 and no report/],
  ["is somebody else", () => ({ status: 200, body: "<html>" }), /answers 200 and no report/],
  [
    "does not answer",
    () => {
      throw new Error("no answer within 15 s");
    },
    /does not answer: no answer within 15 s/,
  ],
  ["does not see its database", () => hops(undefined), /the app does not see its connection/],
] as const) {
  test(`the token's age is unknown when the app ${what}`, async () => {
    runningDeployment();

    const { exitCode, stateOf, textOf } = await showStatus("", { askApp });

    assert.deepEqual([exitCode, stateOf("token")], [3, "unknown"]);
    assert.match(textOf("token"), why);
  });
}

test("a token older than its life is of a connection that is still open", async () => {
  runningDeployment();

  const { stateOf, textOf } = await showStatus("", { askApp: () => hops(3_600_000) });

  assert.equal(stateOf("token"), "ok");
  assert.match(textOf("token"), /3600 s old, of a connection that is still open/);
});

test("failures with tokens in the last hour need attention, counted over all pages of the log", async () => {
  const { logs } = runningDeployment();
  logs
    .on(FilterLogEventsCommand)
    .resolves({ events: [{}, {}] })
    .on(FilterLogEventsCommand, { nextToken: undefined })
    .resolves({ events: [{}], nextToken: "2" });

  const { exitCode, stateOf, textOf } = await showStatus("", { askApp: () => hops(1_000) });

  assert.deepEqual([exitCode, stateOf("token")], [1, "attention"]);
  assert.match(textOf("token"), /3 failures in the last hour/);
});
