import assert from "node:assert/strict";
import test from "node:test";
import { DescribeStackEventsCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeEventsCommand } from "@aws-sdk/client-elastic-beanstalk";
import { ENVIRONMENT } from "./support/assembly.ts";
import { emptyAccount } from "./support/aws.ts";
import { at, DATA, lasting, stackEvent, WEB } from "./support/deploying.ts";
import { awsError, sealed } from "./support/harness.ts";

test("deploy builds, shows the differences, deploys without prompts, and prints URL and outputs", async () => {
  const { cloudFormation } = emptyAccount();
  cloudFormation.on(DescribeStacksCommand, { StackName: WEB }).resolves({
    Stacks: [
      {
        StackName: WEB,
        StackStatus: "UPDATE_COMPLETE",
        CreationTime: at(0),
        Outputs: [
          { OutputKey: "EnvironmentUrlA1B2C3D4", OutputValue: "https://app.example.com" },
          { OutputKey: "EnvironmentEnvironmentName0A0A0A0A", OutputValue: ENVIRONMENT },
          { OutputKey: "ExportsOutputRefVpc", OutputValue: "vpc-1", ExportName: "x" },
        ],
      },
    ],
  });
  const difference = "[+] AWS::SNS::Topic Alarms\n✨  Number of stacks with differences: 1";

  const { exitCode, output, programs } = await sealed("deploy --topology alb-reencrypt --profile blue", {
    diff: () => ({ output: difference }),
  });

  assert.equal(exitCode, 0);
  assert.ok(output.includes("[+] AWS::SNS::Topic Alarms"));
  assert.match(output, /EnvironmentEnvironmentName {2}sealed-sandbox-alb-reencrypt/);
  assert.doesNotMatch(output, /vpc-1/);
  assert.match(output, /deployed https:\/\/app\.example\.com\n$/);
  const words = programs.map((program) => program.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(words, [
    "src/main.ts --topology=alb-reencrypt",
    "bin/app.ts --topology=alb-reencrypt",
    "bin/cdk diff",
    "bin/cdk deploy",
  ]);
  assert.match(programs.at(-1) ?? "", /--all --require-approval never .*--profile blue/);
});

test("deploy --json prints one document and nothing else on standard output", async () => {
  const { cloudFormation } = emptyAccount();
  cloudFormation.on(DescribeStackEventsCommand, { StackName: WEB }).resolves({
    StackEvents: [stackEvent(5, "CREATE_COMPLETE")],
  });

  const { output, errors } = await sealed("deploy --json");

  const { verification, ...document } = JSON.parse(output);
  assert.equal(verification.verdict, "sealed");
  assert.deepEqual(document, {
    exitCode: 0,
    command: "deploy",
    account: "111122223333",
    region: "eu-west-1",
    preset: "sandbox",
    topology: "alb-reencrypt",
    differingStacks: 0,
    url: null,
    outputs: {},
  });
  assert.match(errors, /build the app {2}[\d.]+ s/);
});

test("deploy tells the events of CloudFormation and Elastic Beanstalk in plain words, each once", async () => {
  const { cloudFormation, beanstalk } = emptyAccount();
  const old = stackEvent(1, "UPDATE_COMPLETE", { EventId: "old" });
  const events = [old];
  cloudFormation
    .on(DescribeStackEventsCommand, { StackName: WEB })
    .callsFake(() => ({ StackEvents: [...events] }));
  const said = { EventDate: at(12), Severity: "INFO" as const, Message: "Environment update is starting." };
  beanstalk.on(DescribeEventsCommand).callsFake(() => ({ Events: events.length > 1 ? [said] : [] }));
  const cdk = lasting(4);
  const news = [
    stackEvent(10, "UPDATE_IN_PROGRESS"),
    stackEvent(11, "CREATE_COMPLETE", {
      ResourceType: "AWS::EC2::SecurityGroup",
      LogicalResourceId: "Lb0000000A",
    }),
    stackEvent(20, "UPDATE_COMPLETE"),
  ];

  const { output } = await sealed("deploy", {
    deploy: cdk.deploy,
    onPause() {
      const next = news.shift();
      if (next !== undefined) events.unshift(next);
      cdk.onPause();
    },
  });

  const lines = output.split("\n").filter((line) => /^ {2}\d\d:/.test(line));
  assert.deepEqual(lines.toSorted(), [
    "  10:00:10  sealed-sandbox-web  updating Elastic Beanstalk environment EnvironmentBeanstalk",
    "  10:00:11  sealed-sandbox-web  created EC2 security group Lb",
    "  10:00:12  sealed-sandbox-alb-reencrypt  Environment update is starting.",
    "  10:00:20  sealed-sandbox-web  updated Elastic Beanstalk environment EnvironmentBeanstalk",
  ]);
});

test("Ctrl-C while deploying: says what goes on in AWS, and how to follow it", async () => {
  const { cloudFormation } = emptyAccount();
  const stop = new AbortController();
  let looks = 0;
  cloudFormation.on(DescribeStacksCommand, { StackName: DATA }).callsFake(() => ({
    Stacks: [{ StackName: DATA, StackStatus: looks++ === 0 ? "CREATE_COMPLETE" : "UPDATE_IN_PROGRESS" }],
  }));

  const { exitCode, errors } = await sealed("deploy", {
    signal: stop.signal,
    deploy: () => {
      stop.abort();
      return { exitCode: null };
    },
  });

  assert.equal(exitCode, 130);
  assert.match(errors, /CloudFormation goes on by itself with sealed-sandbox-data \(UPDATE_IN_PROGRESS\)/);
  assert.match(
    errors,
    /run: aws cloudformation describe-stack-events --stack-name sealed-sandbox-data .*--max-items 20/,
  );
  assert.match(errors, /run: aws cloudformation wait stack-update-complete --stack-name sealed-sandbox-data/);
});

test("Ctrl-C before the deployment: says that nothing was changed", async () => {
  emptyAccount();
  const stop = new AbortController();

  const { exitCode, errors, programs } = await sealed("deploy", {
    signal: stop.signal,
    diff: () => {
      stop.abort();
      return { exitCode: null };
    },
  });

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped while comparing: nothing was changed in AWS/);
  assert.ok(!programs.some((program) => program.startsWith("bin/cdk deploy")));
});

test("events that cannot be read are told once, and end nothing", async () => {
  const { beanstalk } = emptyAccount();
  let looks = 0;
  beanstalk.on(DescribeEventsCommand).callsFake(() => {
    if (looks++ > 0) throw awsError("ExpiredToken", "expired");
    return { Events: [] };
  });

  const { exitCode, output } = await sealed("deploy", lasting(4));

  assert.equal(exitCode, 0);
  assert.equal(output.split("the events of sealed-sandbox-alb-reencrypt cannot be read now").length, 2);
});
