import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeLogStreamsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeEventsCommand,
  RequestEnvironmentInfoCommand,
  RetrieveEnvironmentInfoCommand,
} from "@aws-sdk/client-elastic-beanstalk";
import { emptyAccount } from "./support/aws.ts";
import { at, DATA, lasting, stackEvent, WEB } from "./support/deploying.ts";
import { awsError, sealed } from "./support/harness.ts";

test("a failed hook: deploy fetches the end of the failing log while the instance is still there", async () => {
  const { beanstalk } = emptyAccount();
  const message = "[Instance: i-0abc] Command failed on instance. Engine execution has encountered an error.";
  let looks = 0;
  beanstalk.on(DescribeEventsCommand).callsFake(() => ({
    Events: looks++ > 1 ? [{ EventDate: at(30), Severity: "ERROR", Message: message }] : [],
  }));
  beanstalk.on(RequestEnvironmentInfoCommand).resolves({});
  beanstalk
    .on(RetrieveEnvironmentInfoCommand)
    .resolvesOnce({ EnvironmentInfo: [] })
    .resolves({
      EnvironmentInfo: [{ Ec2InstanceId: "i-0abc", Message: "https://logs.example/x?X-Amz-Signature=s" }],
    });
  const rule = "-".repeat(40);
  const tail = `${rule}\n/var/log/nginx/access.log\n${rule}\nGET /\n${rule}\n/var/log/eb-engine.log\n${rule}\n[INFO] Executing platform hook\n[ERROR] hook 10-check.sh failed with exit code 7\n`;

  const { exitCode, output, errors } = await sealed("deploy", {
    ...lasting(6, 1, "❌  sealed-sandbox-web failed"),
    download: () => tail,
  });

  assert.equal(exitCode, 1);
  assert.match(
    output,
    /the end of \/var\/log\/eb-engine\.log on i-0abc:\n.*\n.*hook 10-check\.sh failed with exit code 7/,
  );
  assert.doesNotMatch(output, /GET \//);
  assert.match(
    errors,
    /the deployment to eu-west-1 failed: sealed-sandbox-alb-reencrypt: .*Command failed on instance/,
  );
  assert.match(errors, /the end of its log is above/);
  assert.doesNotMatch(output + errors, /X-Amz-Signature/);
});

test("when no instance hands its logs over, deploy shows what was streamed to CloudWatch", async () => {
  const { beanstalk, logs } = emptyAccount();
  beanstalk.on(DescribeEventsCommand).resolves({
    Events: [{ EventDate: at(30), Severity: "ERROR", Message: "Failed to launch environment." }],
  });
  beanstalk
    .on(RequestEnvironmentInfoCommand)
    .rejects(awsError("InvalidParameterValueException", "no instances"));
  let group: string | undefined;
  logs.on(DescribeLogStreamsCommand).callsFake((input) => {
    group = input.logGroupName;
    return { logStreams: [{ logStreamName: "i-1" }] };
  });
  logs.on(GetLogEventsCommand).resolves({ events: [{ message: "unpacking failed: no space" }] });
  let looks = 0;
  beanstalk.on(DescribeEventsCommand).callsFake(() => ({
    Events:
      looks++ > 0 ? [{ EventDate: at(30), Severity: "FATAL", Message: "Failed to launch environment." }] : [],
  }));

  const { exitCode, output } = await sealed("deploy", lasting(3, 1));

  assert.equal(exitCode, 1);
  assert.equal(group, "/aws/elasticbeanstalk/sealed-sandbox-alb-reencrypt/var/log/eb-engine.log");
  assert.match(output, /unpacking failed: no space/);
});

test("when the database function fails, deploy shows the end of its log", async () => {
  const { cloudFormation, logs } = emptyAccount();
  const reason = "Received response status [FAILED] from custom resource. Message returned: DbError";
  const failure = stackEvent(40, "CREATE_FAILED", {
    StackName: DATA,
    ResourceType: "Custom::PrepareDatabase",
    LogicalResourceId: "Prepared00000002",
    ResourceStatusReason: reason,
  });
  cloudFormation
    .on(DescribeStackResourceCommand, { StackName: DATA, LogicalResourceId: "PrepareLog" })
    .resolves({ StackResourceDetail: { PhysicalResourceId: "prepare-log-XYZ" } as never });
  logs
    .on(DescribeLogStreamsCommand, { logGroupName: "prepare-log-XYZ" })
    .resolves({ logStreams: [{ logStreamName: "s" }] });
  logs.on(GetLogEventsCommand).resolves({ events: [{ message: '{"message":"migration 0002 failed"}' }] });
  let looks = 0;
  cloudFormation.on(DescribeStackEventsCommand, { StackName: DATA }).callsFake(() => ({
    StackEvents: looks++ > 0 ? [failure] : [],
  }));

  const { exitCode, output, errors } = await sealed("deploy", lasting(3, 1));

  assert.equal(exitCode, 1);
  assert.match(output, /the end of prepare-log-XYZ:\n.*migration 0002 failed/);
  assert.match(
    errors,
    /sealed-sandbox-data: could not create step prepare database Prepared: Received response/,
  );
});

test("a failure that only follows from another is not given as the reason", async () => {
  const { cloudFormation } = emptyAccount();
  const cancelled = stackEvent(50, "CREATE_FAILED", {
    ResourceStatusReason: "Resource creation cancelled",
    EventId: "c",
  });
  const cause = stackEvent(49, "CREATE_FAILED", {
    ResourceType: "AWS::RDS::DBInstance",
    ResourceStatusReason: "Quota exceeded",
  });
  let looks = 0;
  cloudFormation.on(DescribeStackEventsCommand, { StackName: WEB }).callsFake(() => ({
    StackEvents: looks++ > 0 ? [cause, cancelled] : [],
  }));

  const { errors } = await sealed("deploy", lasting(2, 1));

  assert.match(errors, /could not create database EnvironmentBeanstalk: Quota exceeded/);
});

test("after a first deployment was rolled back, deploy names the commands that clear the way", async () => {
  const { cloudFormation } = emptyAccount();
  let looks = 0;
  cloudFormation.on(DescribeStacksCommand, { StackName: WEB }).callsFake(() => {
    if (looks++ === 0) throw awsError("ValidationError", "Stack with id x does not exist");
    return { Stacks: [{ StackName: WEB, StackStatus: "ROLLBACK_COMPLETE" }] };
  });

  const { errors } = await sealed("deploy", {
    deploy: () => ({ exitCode: 1, output: "❌  it failed: Error: reason" }),
  });

  assert.match(errors, /the deployment to eu-west-1 failed: it failed: Error: reason\n/);
  assert.match(
    errors,
    /run: aws cloudformation delete-stack --stack-name sealed-sandbox-web --region eu-west-1\n/,
  );
});

for (const [said, exitCode, sentence] of [
  [
    "❌ Error: ExpiredToken: The security token included in the request is expired",
    3,
    /credentials have expired/,
  ],
  ["❌ User: x is not authorized to perform: s3:PutObject", 3, /not allowed to do this/],
  ["❌ Rate exceeded", 3, /too many requests/],
  ["❌  sealed-sandbox-web failed: something new", 1, /failed: sealed-sandbox-web failed: something new/],
] as const) {
  test(`when the CDK's command ends with "${said}", deploy says so in its own words`, async () => {
    emptyAccount();

    const ran = await sealed("deploy", { deploy: () => ({ exitCode: 1, output: said }) });

    assert.equal(ran.exitCode, exitCode);
    assert.match(ran.errors, sentence);
  });
}
