import assert from "node:assert/strict";
import test from "node:test";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { endOf } from "../../src/aws/credentials-end.ts";
import { emptyAccount } from "../support/aws.ts";
import { diagnose } from "../support/diagnose.ts";
import { awsError, sealed } from "../support/harness.ts";

test("without credentials the account is not looked at, and that is said and no fault", async () => {
  const { sts } = emptyAccount();
  const credentialsEnd = () => {
    throw awsError("CredentialsProviderError", "Could not load credentials from any providers");
  };

  const { exitCode, output } = await sealed("doctor", { credentialsEnd });

  assert.equal(exitCode, 0);
  assert.match(output, /not looked at: the AWS account \(no credentials were found\)/);
  assert.equal(sts.calls().length, 0);
});

for (const options of ["--aws", "--profile blue", "--endpoint-url https://cloud.example.com"]) {
  test(`without credentials doctor ${options} has a problem, and the command that mends it`, async () => {
    emptyAccount();
    const credentialsEnd = () => {
      throw awsError("CredentialsProviderError", "Could not load credentials from any providers");
    };

    const { exitCode, verdictOf, mendOf, notLookedAt } = await diagnose(options, { credentialsEnd });

    assert.equal(exitCode, 1);
    assert.equal(verdictOf("credentials"), "problem");
    assert.match(mendOf("credentials").join(), /^aws (configure sso|sso login --profile blue)$/);
    assert.match(notLookedAt, /quotas/);
  });
}

for (const [minutes, verdict, exitCode] of [
  [-5, "problem", 1],
  [30, "warning", 0],
  [120, "ok", 0],
] as const) {
  test(`credentials that end in ${minutes} minutes: ${verdict}`, async () => {
    emptyAccount();
    const now = new Date("2026-11-22T10:00:00Z");
    const credentialsEnd = () => new Date(now.getTime() + minutes * 60_000);

    const diagnosis = await diagnose("", { now, credentialsEnd });

    assert.equal(diagnosis.verdictOf("credentials"), verdict);
    assert.equal(diagnosis.exitCode, exitCode);
  });
}

for (const [name, sentence] of [
  ["ExpiredToken", /have expired/],
  ["InvalidClientTokenId", /does not accept the credentials/],
] as const) {
  test(`credentials that AWS answers with ${name} are a problem`, async () => {
    const { sts, ec2 } = emptyAccount();
    sts.on(GetCallerIdentityCommand).rejects(awsError(name, "no"));

    const { exitCode, verdictOf, meaningOf } = await diagnose();

    assert.deepEqual([exitCode, verdictOf("account")], [1, "problem"]);
    assert.match(meaningOf("account"), sentence);
    assert.equal(ec2.calls().length, 0);
  });
}

test("where AWS does not say whose credentials they are, nobody says that the account is another", async () => {
  const { sts, ec2 } = emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError("Error", "connect ECONNREFUSED 127.0.0.1:1"));

  const { exitCode, verdictOf, notLookedAt } = await diagnose();

  assert.deepEqual([exitCode, verdictOf("account")], [3, "unchecked"]);
  assert.match(notLookedAt, /platform.*: AWS does not say whose account it is/);
  assert.equal(ec2.calls().length, 0);
});

test("credentials of another account are a problem, and nothing of it is looked at", async () => {
  const { sts, ec2, rds } = emptyAccount();
  sts.on(GetCallerIdentityCommand).resolves({ Account: "999988887777" });

  const { exitCode, meaningOf, notLookedAt } = await diagnose();

  assert.equal(exitCode, 1);
  assert.match(meaningOf("account"), /account 999988887777/);
  assert.match(notLookedAt, /the account is not the configured one/);
  assert.equal(ec2.calls().length + rds.calls().length, 0);
});

test("temporary credentials of which nobody says when they end are not called endless", async () => {
  emptyAccount();

  const { exitCode, verdictOf, foundOf } = await diagnose("", { credentialsEnd: () => "unknown" });

  assert.deepEqual([exitCode, verdictOf("credentials")], [0, "warning"]);
  assert.equal(foundOf("credentials"), "temporary, and nothing says when they end");
});

test("a session token without an end is temporary, keys without one never end", () => {
  const keys = { accessKeyId: "AKID", secretAccessKey: "made-up" };
  const expiration = new Date("2026-11-22T11:00:00Z");

  assert.equal(endOf(keys), undefined);
  assert.equal(endOf({ ...keys, sessionToken: "made-up" }), "unknown");
  assert.equal(endOf({ ...keys, sessionToken: "made-up", expiration }), expiration);
});
