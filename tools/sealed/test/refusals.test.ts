import assert from "node:assert/strict";
import test from "node:test";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { emptyAccount } from "./support/aws.ts";
import { awsError, sealed } from "./support/harness.ts";
import { production } from "./support/world.ts";

test("deploy refuses any account but the configured one, before it builds anything", async () => {
  const { sts } = emptyAccount();
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: "999988887777", Arn: "arn:aws:iam::999988887777:user/a" });

  const { exitCode, errors, programs } = await sealed("deploy");

  assert.equal(exitCode, 2);
  assert.match(errors, /account 999988887777 .* allows account 111122223333 alone/);
  assert.match(errors, /run: npx sealed deploy --profile the-right-one/);
  assert.deepEqual(programs, []);
});

for (const command of ["diff", "destroy"]) {
  test(`${command} refuses any account but the configured one`, async () => {
    const { sts, cloudFormation } = emptyAccount();
    sts.on(GetCallerIdentityCommand).resolves({ Account: "999988887777" });

    const { exitCode, errors, programs } = await sealed(command);

    assert.equal(exitCode, 2);
    assert.match(errors, /allows account 111122223333 alone/);
    assert.deepEqual(programs, []);
    assert.equal(cloudFormation.calls().length, 0);
  });
}

test("deploy refuses production without --production, before it calls AWS", async () => {
  const { sts } = emptyAccount();

  const { exitCode, errors, programs } = await sealed("deploy", { settings: production });

  assert.equal(exitCode, 2);
  assert.match(errors, /the preset is production: add --production/);
  assert.equal(sts.calls().length, 0);
  assert.deepEqual(programs, []);
});

test("deploy refuses production that was chosen on the command line", async () => {
  emptyAccount();
  const { domain } = production;

  const { exitCode, errors } = await sealed("deploy --preset production", {
    settings: domain ? { domain } : {},
  });

  assert.equal(exitCode, 2);
  assert.match(errors, /add --production/);
});

test("deploy refuses --production where the preset is another", async () => {
  emptyAccount();

  const { exitCode, errors } = await sealed("deploy --production");

  assert.equal(exitCode, 2);
  assert.match(errors, /--production was given and the preset is sandbox/);
});

for (const [options, message] of [
  ["", /the preset is production: add --production/],
  ["--production", /would switch off the deletion protection .* add --delete-production-stacks/],
  ["--delete-production-stacks", /add --production/],
] as const) {
  test(`destroy refuses production with ${options || "no flag"}`, async () => {
    const { cloudFormation } = emptyAccount();

    const { exitCode, errors } = await sealed(`destroy ${options}`.trim(), { settings: production });

    assert.equal(exitCode, 2);
    assert.match(errors, message);
    assert.equal(cloudFormation.calls().length, 0);
  });
}

for (const [code, name, message, run] of [
  [
    "SEALED_CREDENTIALS_MISSING",
    "CredentialsProviderError",
    "Could not load credentials from any providers",
    "aws configure sso",
  ],
  [
    "SEALED_CREDENTIALS_EXPIRED",
    "ExpiredToken",
    "The security token included in the request is expired",
    "aws sso login",
  ],
  [
    "SEALED_CREDENTIALS_EXPIRED",
    "CredentialsProviderError",
    "The SSO session associated with this profile has expired",
    "aws sso login",
  ],
  [
    "SEALED_CREDENTIALS_REFUSED",
    "InvalidClientTokenId",
    "The security token included in the request is invalid",
    "aws sts get-caller-identity",
  ],
  [
    "SEALED_ACCESS_DENIED",
    "AccessDenied",
    "User a is not authorized to perform sts:GetCallerIdentity",
    "aws sts get-caller-identity",
  ],
  ["SEALED_THROTTLED", "ThrottlingException", "Rate exceeded", undefined],
  ["SEALED_AWS_UNREACHABLE", "Error", "getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com", undefined],
] as const) {
  test(`says ${code} for ${name} (${message}), with the command that mends it`, async () => {
    const { sts } = emptyAccount();
    sts.on(GetCallerIdentityCommand).rejects(awsError(name, message));

    const { exitCode, output, errors } = await sealed("deploy --json");

    const { error } = JSON.parse(output) as { error: { code: string; message: string; mend: string[] } };
    assert.equal(exitCode, 3);
    assert.equal(error.code, code);
    assert.ok(error.message.includes(message));
    assert.deepEqual(error.mend, run === undefined ? [] : [run]);
    if (run !== undefined) assert.ok(errors.includes(`  run: ${run}\n`));
  });
}

test("names the profile in the command that signs in", async () => {
  const { sts } = emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError("ExpiredToken", "expired"));

  const { errors } = await sealed("deploy --profile blue");

  assert.match(errors, /run: aws sso login --profile blue$/m);
});

test("says that the Region is not bootstrapped, with the command that does it", async () => {
  const { ssm } = emptyAccount();
  ssm.on(GetParameterCommand).rejects(awsError("ParameterNotFound", ""));

  const { exitCode, errors, programs } = await sealed("deploy");

  assert.equal(exitCode, 3);
  assert.match(errors, /Region eu-west-1 of account 111122223333 is not bootstrapped/);
  assert.match(errors, /run: npx cdk bootstrap aws:\/\/111122223333\/eu-west-1$/m);
  assert.deepEqual(programs, []);
});

test("says that the bootstrap stack is too old for the templates", async () => {
  const { ssm } = emptyAccount();
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: "5" } });

  const { exitCode, errors, programs } = await sealed("deploy");

  assert.equal(exitCode, 3);
  assert.match(errors, /has version 5 of the CDK's bootstrap stack, and version 6 is needed/);
  assert.ok(!programs.some((program) => program.startsWith("bin/cdk")));
});

for (const [status, code, run] of [
  ["ROLLBACK_COMPLETE", "SEALED_STACK_BROKEN", "delete-stack --stack-name sealed-sandbox-web"],
  ["ROLLBACK_FAILED", "SEALED_STACK_BROKEN", "delete-stack --stack-name sealed-sandbox-web"],
  ["CREATE_FAILED", "SEALED_STACK_BROKEN", "delete-stack --stack-name sealed-sandbox-web"],
  ["DELETE_FAILED", "SEALED_STACK_BROKEN", "npx turbo destroy"],
  ["UPDATE_FAILED", "SEALED_STACK_BROKEN", "rollback-stack --stack-name sealed-sandbox-web"],
  [
    "UPDATE_ROLLBACK_FAILED",
    "SEALED_STACK_BROKEN",
    "continue-update-rollback --stack-name sealed-sandbox-web",
  ],
  ["UPDATE_IN_PROGRESS", "SEALED_STACK_BUSY", "wait stack-update-complete --stack-name sealed-sandbox-web"],
  ["CREATE_IN_PROGRESS", "SEALED_STACK_BUSY", "wait stack-create-complete --stack-name sealed-sandbox-web"],
  [
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "SEALED_STACK_BUSY",
    "wait stack-rollback-complete --stack-name sealed-sandbox-web",
  ],
  ["ROLLBACK_IN_PROGRESS", "SEALED_STACK_BUSY", "wait stack-create-complete --stack-name sealed-sandbox-web"],
] as const) {
  test(`refuses to deploy over a stack in ${status}, and says what mends it`, async () => {
    const { cloudFormation } = emptyAccount();
    cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-web" }).resolves({
      Stacks: [{ StackName: "sealed-sandbox-web", StackStatus: status, CreationTime: new Date(0) }],
    });

    const { exitCode, output, programs } = await sealed("deploy --json");

    const { error } = JSON.parse(output) as { error: { code: string; message: string; mend: string[] } };
    assert.equal(exitCode, 1);
    assert.equal(error.code, code);
    assert.match(error.message, new RegExp(`stack sealed-sandbox-web .*\\(${status}\\)`));
    assert.ok(error.mend[0]?.includes(run));
    assert.deepEqual(programs, []);
  });
}

test("refuses settings with every problem at once", async () => {
  const { exitCode, errors } = await sealed("synth", { settings: { account: "12", region: "nowhere" } });

  assert.equal(exitCode, 2);
  assert.match(errors, /account must be 12 digits[\s\S]*region must be one such as eu-west-1/);
});

test("refuses an unknown option with exit code 2, as a document too", async () => {
  const { exitCode, output } = await sealed("synth --json --topolgy x");

  assert.equal(exitCode, 2);
  assert.equal(JSON.parse(output).error.code, "SEALED_ARGUMENTS_INVALID");
});

test("an assembly for another account is not deployed", async () => {
  emptyAccount();

  // The settings of the process that checks say one account, the templates another.
  const { exitCode, errors, programs } = await sealed("synth", { settings: { account: "444455556666" } });

  assert.equal(exitCode, 1);
  assert.match(errors, /in aws:\/\/444455556666\/eu-west-1, .* go elsewhere/);
  assert.ok(!programs.some((program) => program.startsWith("bin/cdk")));
});

test("the help of the command line has an example", async () => {
  const { output } = await sealed("--help");

  assert.match(output, /\nExample:\n {2}\$ npx sealed doctor\n/);
});
