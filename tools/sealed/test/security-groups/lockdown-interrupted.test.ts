import assert from "node:assert/strict";
import test from "node:test";
import { fakePath } from "../support/cloud/fake-path.ts";
import {
  allOut,
  everybody,
  fromLoadBalancer,
  https,
  intoDatabase,
  needed,
  ssh,
} from "../support/cloud/rules.ts";
import { reachesAll } from "../support/cloud/traffic.ts";
import { awsError, sealed } from "../support/harness.ts";

for (const moment of ["before", "after"] as const) {
  test(`a run that is cut off ${moment} the effect of any call leaves the load balancer through, and the next one ends the work`, async () => {
    const start = () => {
      const path = fakePath();
      path.ec2.give(everybody);
      path.ec2.give(ssh);
      path.ec2.give(allOut);
      path.ec2.give(intoDatabase);
      return path.ec2;
    };
    const undisturbed = start();
    await sealed("lockdown --apply");
    const calls = undisturbed.calls.length;
    assert.ok(calls >= 12);

    for (let last = 1; last <= calls; last++) {
      const ec2 = start();
      ec2.onCall = (_name, when) => {
        assert.ok(reachesAll(ec2, fromLoadBalancer, https));
        if (when === moment && ec2.calls.length === last) throw awsError("TimeoutError", "socket hang up");
      };
      const { exitCode } = await sealed("lockdown --apply");

      assert.equal(exitCode, 3);
      assert.ok(reachesAll(ec2, fromLoadBalancer, https), `shut out after call ${last}`);
      ec2.onCall = () => undefined;
      const { exitCode: again } = await sealed("lockdown --apply");
      assert.equal(again, 0);
      assert.deepEqual(contents(ec2.rules), contents(undisturbed.rules));
    }
  });
}

function contents(rules: ReadonlyMap<string, object>): string[] {
  return [...rules.values()].map((rule) => JSON.stringify({ ...rule, SecurityGroupRuleId: "" })).sort();
}

test("Ctrl-C between two changes says that nothing it needs is gone, and how to go on", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  const stop = new AbortController();
  ec2.onCall = (name, when) => {
    if (name === "AuthorizeSecurityGroupIngress" && when === "after") stop.abort();
  };

  const { exitCode, errors } = await sealed("lockdown --apply", { signal: stop.signal });

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped between two changes: nothing that the load balancer needs was taken away/);
  assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
});

for (const [what, onRead] of [
  [
    "is left without an answer",
    (reason: Error) => {
      throw reason;
    },
  ],
  ["does not show the change", () => undefined],
] as const) {
  test(`Ctrl-C while a reading back ${what} is no failure, and nobody says that nothing was changed`, async () => {
    const { ec2 } = fakePath();
    ec2.give(everybody);
    const stop = new AbortController();
    ec2.onCall = (name, when) => {
      if (name !== "DescribeSecurityGroupRules" || when !== "before" || ec2.rules.size === 1) return;
      stop.abort();
      onRead(stop.signal.reason as Error);
      ec2.rules.delete([...ec2.rules.keys()].at(-1) ?? "");
    };

    const { exitCode, errors } = await sealed("lockdown --apply", { signal: stop.signal });

    assert.equal(exitCode, 130);
    assert.match(errors, /error: stopped between two changes: .* what was done is listed above/);
    assert.match(errors, /run: npx sealed lockdown --apply/);
    assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
  });
}

test("a rule that somebody else revokes meanwhile is no obstacle to the others", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const id = ec2.give(everybody);
  ec2.give(ssh);
  ec2.onCall = (name, when) => {
    if (name === "RevokeSecurityGroupIngress" && when === "before") ec2.rules.delete(id);
  };

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.equal(ec2.rules.size, 1);
});

test("rules that EC2 does not know and goes on showing are told", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const id = ec2.give(everybody);
  ec2.onCall = (name) => {
    if (name === "RevokeSecurityGroupIngress") {
      throw awsError(
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
      );
    }
  };

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(errors, new RegExp(`${id} could not be revoked \\(AWS: InvalidSecurityGroupRuleId.NotFound`));
});

test("a group that is full is told with what AWS says, and nothing is revoked", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.onCall = (name) => {
    if (name.startsWith("Authorize")) {
      throw awsError(
        "RulesPerSecurityGroupLimitExceeded",
        "The maximum number of rules per security group has been reached.",
      );
    }
  };

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(
    errors,
    /sg-app could not be given tcp 443 from group sg-lb \(AWS: RulesPerSecurityGroupLimit/,
  );
  assert.equal(ec2.rules.size, 1);
});

test("a rule that appears while it works makes the verdict negative", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(everybody);
  ec2.onCall = (name, when) => {
    if (name === "RevokeSecurityGroupIngress" && when === "after") ec2.give(ssh);
  };

  const { exitCode, output } = await sealed("lockdown --apply --json");

  assert.equal(exitCode, 1);
  assert.equal(JSON.parse(output).isTight, false);
});

test("Ctrl-C between two additions makes no other", async () => {
  const { ec2 } = fakePath({ healthPort: 8443 });
  const stop = new AbortController();
  ec2.onCall = (name, when) => {
    if (name === "AuthorizeSecurityGroupIngress" && when === "after") stop.abort();
  };

  const { exitCode } = await sealed("lockdown --apply", { signal: stop.signal });

  assert.equal(exitCode, 130);
  assert.equal(ec2.rules.size, 1);
});

test("a group that has no room for the needed rule is told with what makes room", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.onCall = (name) => {
    if (name !== "AuthorizeSecurityGroupIngress") return;
    throw awsError("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules has been reached.");
  };

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(
    errors,
    /the group is full: revoke one of its rules that has nothing to do with the load balancer/,
  );
  assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
});
