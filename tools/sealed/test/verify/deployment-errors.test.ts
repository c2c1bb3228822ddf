import assert from "node:assert/strict";
import { test } from "node:test";
import { GetCertificateCommand } from "@aws-sdk/client-acm";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSecurityGroupRulesCommand } from "@aws-sdk/client-ec2";
import { DescribeListenersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { noSuchStack } from "../support/aws.ts";
import { awsError, sealed } from "../support/harness.ts";
import { startDeployedPath } from "../support/verify/deployed-path.ts";

/** How the SDK throws what a service has answered. */
const serviceError = (name: string, message: string) =>
  Object.assign(awsError(name, message), { $fault: "client" });

for (const [what, error, seen] of [
  [
    "denied",
    awsError("AccessDenied", "not authorized to perform: rds:DescribeDBInstances"),
    /not allowed .*rds:Describe/,
  ],
  [
    "throttled to the end",
    awsError("ThrottlingException", "Rate exceeded"),
    /too many requests, after every retry/,
  ],
  ["not answered", awsError("TimeoutError", "connect ETIMEDOUT"), /AWS could not be reached/],
  [
    "answered with an error of the service",
    serviceError("DBInstanceNotFound", "DBInstance not found"),
    /DBInstance not found/,
  ],
] as const) {
  test(`a question to AWS that is ${what} leaves one hop unseen, and the others are judged`, async () => {
    await using path = await startDeployedPath();
    path.account.rds.on(DescribeDBInstancesCommand).rejects(error);

    const found = await path.verify();

    assert.deepEqual(found.wrong, ["app-db database"]);
    assert.match(found.seen("database"), seen);
    assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "sealed", "app-db": "unreached" });
    assert.equal(found.verdict, "unreached");
    assert.equal(found.exitCode, 3);
  });
}

test("every question is asked although the one before was denied", async () => {
  await using path = await startDeployedPath();
  const denied = awsError("AccessDenied", "denied");
  const { acm, ec2, elbv2, logs, rds } = path.account;
  acm.on(GetCertificateCommand).rejects(denied);
  ec2.on(DescribeSecurityGroupRulesCommand).rejects(denied);
  elbv2.on(DescribeListenersCommand).rejects(denied);
  logs.on(FilterLogEventsCommand).rejects(denied);
  rds.on(DescribeDBInstancesCommand).rejects(denied);

  const found = await path.verify();

  assert.deepEqual(found.wrong.toSorted(), [
    "app-db database",
    "client-lb certificate",
    "client-lb certificate-chain",
    "client-lb certificate-name",
    "client-lb listener",
    "lb-app published-certificates",
    "lb-app security-group",
  ]);
});

test("what is open stays open, although something else could not be seen", async () => {
  await using path = await startDeployedPath();
  path.account.rds.on(DescribeDBInstancesCommand).rejects(awsError("AccessDenied", "denied"));
  path.model.targets = [];

  const { exitCode, verdict, states } = await path.verify();

  assert.equal(exitCode, 1);
  assert.equal(verdict, "open");
  assert.deepEqual(states, { "client-lb": "sealed", "lb-app": "open", "app-db": "unreached" });
});

test("a fault of the program itself is no answer of AWS", async () => {
  await using path = await startDeployedPath();
  path.account.rds.on(DescribeDBInstancesCommand).rejects(new TypeError("not a function"));

  const { exitCode, errors } = await sealed("verify --deployed", { now: new Date() });

  assert.equal(exitCode, 1);
  assert.match(errors, /TypeError: not a function/);
});

for (const [what, prepare] of [
  ["no stack", ({ account }) => account.cloudFormation.on(DescribeStacksCommand).rejects(noSuchStack())],
  ["stacks without an environment", ({ model }) => (model.url = undefined)],
  ["an environment that is gone", ({ model }) => (model.environment = undefined)],
  ["an environment that was terminated", ({ model }) => (model.environment = { Status: "Terminated" })],
] as const satisfies [string, (path: Awaited<ReturnType<typeof startDeployedPath>>) => unknown][]) {
  test(`with ${what} there is nothing to verify, and the way to deploy it is told`, async () => {
    await using path = await startDeployedPath();
    prepare(path);

    const { exitCode, errors, output } = await sealed("verify --deployed --json", { now: new Date() });

    assert.equal(exitCode, 3);
    assert.equal(JSON.parse(output).error.code, "SEALED_ENVIRONMENT_MISSING");
    assert.match(errors, /nothing is deployed as sealed-sandbox-web .*run: npx turbo deploy/s);
  });
}

test("credentials that have expired meanwhile end the whole, with the command that signs in", async () => {
  await using path = await startDeployedPath();
  path.account.elbv2.on(DescribeListenersCommand).rejects(awsError("ExpiredToken", "token has expired"));

  const { exitCode, errors } = await sealed("verify --deployed", { now: new Date() });

  assert.equal(exitCode, 3);
  assert.match(errors, /have expired[\s\S]*run: aws sso login/);
});

test("another account than the configured one is refused before anything else is asked", async () => {
  await using path = await startDeployedPath();
  path.account.sts.on(GetCallerIdentityCommand).resolves({ Account: "999988887777" });

  const { exitCode } = await sealed("verify --deployed", { now: new Date() });

  assert.equal(exitCode, 2);
  assert.equal(path.account.cloudFormation.calls().length, 0);
});

test("Ctrl-C while AWS is asked ends the whole", async () => {
  await using path = await startDeployedPath();
  const stop = new AbortController();
  path.account.elbv2.on(DescribeListenersCommand).callsFake(() => {
    stop.abort();
    return { Listeners: [] };
  });

  const { exitCode, errors } = await sealed("verify --deployed", { now: new Date(), signal: stop.signal });

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped before its end; this command only looks/);
  assert.equal(path.account.rds.calls().length, 0);
});
