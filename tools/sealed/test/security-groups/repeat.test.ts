import assert from "node:assert/strict";
import test from "node:test";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { everybody, ssh } from "../support/cloud/rules.ts";
import { awsError, sealed } from "../support/harness.ts";

/** Ways in which a lockdown ends before its end. */
const ENDS = {
  "is stopped": (ec2: ReturnType<typeof fakePath>["ec2"], stop: AbortController) => {
    ec2.onCall = (name, when) => {
      if (name.startsWith("Authorize") && when === "after") stop.abort();
    };
  },
  "does not see its addition": (ec2: ReturnType<typeof fakePath>["ec2"]) => {
    ec2.lag = 1_000;
  },
  "is refused an addition": (ec2: ReturnType<typeof fakePath>["ec2"]) => {
    ec2.onCall = (name) => {
      if (name.startsWith("Authorize")) throw awsError("RulesPerSecurityGroupLimitExceeded", "no room");
    };
  },
} as const;

for (const [what, end] of Object.entries(ENDS)) {
  test(`a lockdown that ${what} tells the same command to go on with: what was to stay stays`, async () => {
    const { ec2 } = fakePath();
    ec2.give(everybody);
    const kept = ec2.give(ssh);
    const stop = new AbortController();
    end(ec2, stop);
    const call = `lockdown --load-balancer lb --keep ${kept} --ingress-only --region eu-west-2 --apply`;

    const { errors } = await sealed(call, { signal: stop.signal });

    assert.ok(errors.includes(`  run: npx sealed ${call}\n`), errors);
  });
}

test("a lockdown of a group that others use tells the same command, with --shared", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  const kept = ec2.give(ssh);
  ec2.interfaces.push({ description: "", groupIds: [APP_GROUP], instanceId: "i-bastion" });

  const { errors } = await sealed(`lockdown --apply --keep ${kept}`);

  assert.ok(errors.includes(`  run: npx sealed lockdown --apply --keep ${kept} --shared sg-app\n`), errors);
});

test("what was typed with spaces can be typed again", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.lag = 1_000;

  const { errors } = await sealed("lockdown --apply --environment it's");

  assert.ok(errors.includes(`  run: npx sealed lockdown --apply --environment 'it'\\''s'\n`), errors);
});

test("an addition that is refused is not said to have let the load balancer through", async () => {
  const { ec2 } = fakePath();
  ENDS["is refused an addition"](ec2);

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(errors, /nothing that the load balancer needs was taken away/);
  assert.doesNotMatch(errors, /gets through/);
});

test("audit names the lockdown of the same groups", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);

  const { output } = await sealed("audit --load-balancer lb --ingress-only");

  assert.match(output, /\(npx sealed lockdown --load-balancer lb --ingress-only shows what mends it\)$/m);
});
