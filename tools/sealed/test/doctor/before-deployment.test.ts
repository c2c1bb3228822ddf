import assert from "node:assert/strict";
import test from "node:test";
import { DescribeVpcsCommand, GetEbsEncryptionByDefaultCommand } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { emptyAccount } from "../support/aws.ts";
import { awsError, sealed } from "../support/harness.ts";

/** Mocks an account that has no room for another VPC. */
function fullAccount() {
  const account = emptyAccount();
  account.ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{}, {}, {}, {}, {}] });
  return account;
}

test("deploy stops at a problem that doctor finds, before anything is built or changed", async () => {
  const { cloudFormation } = fullAccount();

  const { exitCode, output, errors, programs } = await sealed("deploy --json");

  const { error } = JSON.parse(output) as { error: { code: string; mend: string[] } };
  assert.equal(exitCode, 1);
  assert.equal(error.code, "SEALED_NOT_READY");
  assert.match(errors, /- quota: VPCs: 5 of 5 in use, 1 more needed; the deployment would fail half-way/);
  assert.match(error.mend.join(), /request-service-quota-increase --service-code vpc/);
  assert.deepEqual(programs, []);
  const changes = cloudFormation
    .calls()
    .filter(({ args: [command] }) => !/Describe/.test(command.constructor.name));
  assert.deepEqual(changes, []);
});

test("deploy --despite-problems tells the problem and goes on", async () => {
  fullAccount();

  const { exitCode, output, programs } = await sealed("deploy --despite-problems");

  assert.equal(exitCode, 0);
  assert.match(output, /PROBLEM: quota: VPCs: 5 of 5 in use/);
  assert.match(programs.at(-1) ?? "", /^bin\/cdk deploy/);
});

test("deploy tells a warning and goes on", async () => {
  const { ec2 } = emptyAccount();
  ec2.on(GetEbsEncryptionByDefaultCommand).resolves({ EbsEncryptionByDefault: false });

  const { exitCode, output } = await sealed("deploy");

  assert.equal(exitCode, 0);
  assert.match(
    output,
    /warning: default encryption of EBS volumes in eu-west-1: off\n {2}deploy turns it on/,
  );
});

test("deploy tells what it was not allowed to look at, and goes on", async () => {
  const { quotas } = emptyAccount();
  quotas.on(GetServiceQuotaCommand).rejects(awsError("AccessDeniedException", "not authorized"));

  const { exitCode, output } = await sealed("deploy");

  assert.equal(exitCode, 0);
  assert.match(output, /not checked: quota: VPCs: the credentials are valid and not allowed to do this/);
});
