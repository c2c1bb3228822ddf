import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeInstanceTypesCommand,
  DescribeVpcsCommand,
  GetEbsEncryptionByDefaultCommand,
} from "@aws-sdk/client-ec2";
import { GetPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { emptyAccount } from "../support/aws.ts";
import { diagnose } from "../support/diagnose.ts";
import { awsError, sealed } from "../support/harness.ts";
import { production } from "../support/world.ts";

test("an account that has all a deployment needs is all well", async () => {
  emptyAccount();

  const { exitCode, output } = await sealed("doctor --aws");

  assert.equal(exitCode, 0);
  assert.match(output, /^ok +AWS account +111122223333, the configured one$/m);
  assert.match(output, /^ok +quota: VPCs +1 of 5 in use, 1 more needed$/m);
  assert.match(output, /^not looked at: certificate/m);
});

test("AWS out of reach is no verdict: exit code 3", async () => {
  const { sts } = emptyAccount();
  sts
    .on(GetCallerIdentityCommand)
    .rejects(awsError("Error", "getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com"));

  const { exitCode, verdictOf } = await diagnose();

  assert.deepEqual([exitCode, verdictOf("account")], [3, "unchecked"]);
});

for (const [seconds, verdict, exitCode] of [
  [1, "ok", 0],
  [-90, "warning", 0],
  [301, "problem", 1],
  [-400, "problem", 1],
] as const) {
  test(`a clock that is ${seconds} s ahead of AWS's: ${verdict}`, async () => {
    emptyAccount();
    const now = new Date("2026-11-22T10:00:00Z");

    const diagnosis = await diagnose("", {
      now,
      serverDate: () => new Date(now.getTime() - seconds * 1_000),
    });

    assert.deepEqual([diagnosis.exitCode, diagnosis.verdictOf("clock")], [exitCode, verdict]);
  });
}

test("a clock that nobody could be asked for is unchecked, and the rest is looked at", async () => {
  emptyAccount();
  const serverDate = () => {
    throw new Error("connect ECONNREFUSED");
  };

  const { exitCode, foundOf, verdictOf } = await diagnose("", { serverDate });

  assert.equal(exitCode, 3);
  assert.match(foundOf("clock"), /sts\.eu-west-1\.amazonaws\.com\/ could not be asked: connect ECONNREFUSED/);
  assert.equal(verdictOf("quota-vpcs"), "ok");
});

test("an answer without a date leaves the clock unchecked", async () => {
  emptyAccount();

  const { exitCode, verdictOf } = await diagnose("", { serverDate: () => undefined });

  assert.deepEqual([exitCode, verdictOf("clock")], [3, "unchecked"]);
});

test("a Region without the CDK's bootstrap stack is a problem with the command that makes it", async () => {
  const { ssm } = emptyAccount();
  ssm.on(GetParameterCommand).rejects(awsError("ParameterNotFound", ""));

  const { exitCode, mendOf } = await diagnose();

  assert.equal(exitCode, 1);
  assert.deepEqual(mendOf("bootstrap"), ["npx cdk bootstrap aws://111122223333/eu-west-1"]);
});

test("a bootstrap stack that is too old is a problem", async () => {
  const { ssm } = emptyAccount();
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: "5" } });

  const { exitCode, verdictOf } = await diagnose();

  assert.deepEqual([exitCode, verdictOf("bootstrap")], [1, "problem"]);
});

test("EBS encryption that is off is a warning where deploy turns it on, and a problem where it must not", async () => {
  const { ec2 } = emptyAccount();
  ec2.on(GetEbsEncryptionByDefaultCommand).resolves({ EbsEncryptionByDefault: false });

  const sandbox = await diagnose();
  const strict = await diagnose("", { settings: production });

  assert.deepEqual([sandbox.exitCode, sandbox.verdictOf("ebs-encryption")], [0, "warning"]);
  assert.deepEqual([strict.exitCode, strict.verdictOf("ebs-encryption")], [1, "problem"]);
  assert.deepEqual(strict.mendOf("ebs-encryption"), [
    "aws ec2 enable-ebs-encryption-by-default --region eu-west-1",
  ]);
});

test("an account without a public access block is a warning, as is one that is half on", async () => {
  const { s3Control } = emptyAccount();
  s3Control
    .on(GetPublicAccessBlockCommand)
    .rejectsOnce(awsError("NoSuchPublicAccessBlockConfiguration", "none"))
    .resolvesOnce({ PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true } });

  const none = await diagnose();
  const half = await diagnose();

  assert.equal(none.foundOf("s3-public-access"), "none");
  assert.equal(half.foundOf("s3-public-access"), "off: BlockPublicPolicy, RestrictPublicBuckets");
  assert.equal(half.verdictOf("s3-public-access"), "warning");
  assert.match(half.mendOf("s3-public-access").join(), /put-public-access-block --account-id 111122223333/);
});

test("what the credentials may not ask is shown as not checked, never as ok, and the rest is looked at", async () => {
  const { ec2, quotas, s3Control, beanstalk, rds, ssm, cloudFormation } = emptyAccount();
  const denied = () => awsError("AccessDeniedException", "User: a is not authorized to perform this");
  for (const client of [ec2, quotas, s3Control, beanstalk, rds, ssm, cloudFormation]) client.reset();
  ec2.rejects(denied());
  quotas.rejects(denied());
  s3Control.rejects(denied());
  beanstalk.rejects(denied());
  rds.rejects(denied());
  ssm.rejects(denied());
  cloudFormation.rejects(denied());

  const { exitCode, findings, verdictOf } = await diagnose();

  const asked = findings.slice(findings.findIndex(({ id }) => id === "stacks"));
  assert.equal(exitCode, 3);
  assert.equal(verdictOf("account"), "ok");
  assert.ok(asked.length >= 9);
  assert.deepEqual([...new Set(asked.map(({ verdict }) => verdict))], ["unchecked"]);
});

test("an answer of a service that no other word fits leaves the check open", async () => {
  const { ec2 } = emptyAccount();
  ec2
    .on(DescribeVpcsCommand)
    .rejects(Object.assign(awsError("InternalError", "try later"), { $fault: "server" }));

  const { exitCode, foundOf } = await diagnose();

  assert.equal(exitCode, 3);
  assert.equal(foundOf("quota-vpcs"), "AWS did not do what it was asked (AWS: InternalError: try later)");
});

test("an instance type that the Region does not have leaves the vCPUs open, with what AWS says", async () => {
  const { ec2 } = emptyAccount();
  ec2
    .on(DescribeInstanceTypesCommand)
    .rejects(
      Object.assign(awsError("InvalidInstanceType", "t4g.micro does not exist"), { $fault: "client" }),
    );

  const { exitCode, foundOf } = await diagnose();

  assert.equal(exitCode, 3);
  assert.match(foundOf("quota-instances"), /t4g\.micro does not exist/);
});

for (const [environment, url] of [
  [{ AWS_ENDPOINT_URL: "https://cloud.test:8773" }, "https://cloud.test:8773"],
  [{ AWS_ENDPOINT_URL: "https://a.test", AWS_ENDPOINT_URL_STS: "https://b.test" }, "https://b.test"],
] as const) {
  test(`the clock is asked for where calls go: ${Object.keys(environment).join(", ")}`, async () => {
    emptyAccount();
    const asked: string[] = [];

    await diagnose("", {
      environment,
      serverDate: (address) => {
        asked.push(address);
        return undefined;
      },
    });

    assert.deepEqual(asked, [url]);
  });
}
