import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DescribeStacksCommand, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
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

test("the token's age is unknown in production, and why is said", async () => {
  const { cloudFormation } = runningDeployment();
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: "sealed-production-web", StackStatus: "CREATE_COMPLETE", CreationTime: NOW }],
  });

  const { stateOf, textOf } = await showStatus("", { settings: production });

  assert.equal(stateOf("token"), "unknown");
  assert.equal(
    textOf("token"),
    "age unknown: the hops page is off in production, and there is no metric of the last minutes; no failure in the last hour",
  );
  assert.equal(textOf("time-to-live"), "further notice: its stacks carry no time to live");
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
  ["has no token", () => hops(null), /the app does not say/],
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
