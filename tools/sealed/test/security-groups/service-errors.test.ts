import assert from "node:assert/strict";
import test from "node:test";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { fakePath } from "../support/cloud/fake-path.ts";
import { everybody } from "../support/cloud/rules.ts";
import { awsError, sealed } from "../support/harness.ts";

const ERRORS = [
  ["UnauthorizedOperation", "You are not authorized to perform this operation.", "SEALED_ACCESS_DENIED"],
  ["ExpiredToken", "The security token included in the request is expired", "SEALED_CREDENTIALS_EXPIRED"],
  [
    "AuthFailure",
    "AWS was not able to validate the provided access credentials",
    "SEALED_CREDENTIALS_REFUSED",
  ],
  ["RequestLimitExceeded", "Request limit exceeded.", "SEALED_THROTTLED"],
  ["Error", "connect ECONNREFUSED 127.0.0.1:1", "SEALED_AWS_UNREACHABLE"],
] as const;

for (const command of ["audit", "lockdown"]) {
  for (const [name, message, code] of ERRORS) {
    test(`${command} says ${code} for ${name}, whichever reading it is`, async () => {
      for (const call of [
        "DescribeInstances",
        "DescribeSecurityGroupRules",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
      ]) {
        const { ec2 } = fakePath();
        ec2.give(everybody);
        ec2.onCall = (called) => {
          if (called === call) throw awsError(name, message);
        };

        const { exitCode, output } = await sealed(`${command} --json`);

        assert.equal(exitCode, 3);
        assert.equal(JSON.parse(output).error.code, code);
      }
    });
  }

  test(`${command} refuses any account but the configured one, before it reads anything`, async () => {
    const { sts, ec2, beanstalk } = fakePath();
    sts.on(GetCallerIdentityCommand).resolves({ Account: "999988887777" });

    const { exitCode } = await sealed(command);

    assert.equal(exitCode, 2);
    assert.deepEqual(ec2.calls, []);
    assert.equal(beanstalk.calls().length, 0);
  });
}

for (const [name, message, code] of ERRORS) {
  test(`lockdown --apply says ${code} for ${name} at a change, and goes no further`, async () => {
    const { ec2 } = fakePath();
    ec2.give(everybody);
    ec2.onCall = (called) => {
      if (called.startsWith("Authorize")) throw awsError(name, message);
    };

    const { exitCode, output } = await sealed("lockdown --apply --json");

    assert.equal(exitCode, 3);
    assert.equal(JSON.parse(output).error.code, code);
    assert.ok(!ec2.calls.some((call) => call.startsWith("Revoke")));
  });
}
