import assert from "node:assert/strict";
import test from "node:test";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
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

type Ec2 = ReturnType<typeof fakePath>["ec2"];

/** Takes the needed rule away, as somebody would who means another load balancer. */
function takeNeeded(ec2: Ec2): void {
  for (const [id, rule] of ec2.rules) {
    if (rule.ReferencedGroupInfo?.GroupId === "sg-lb") ec2.rules.delete(id);
  }
}

function ingressOf(ec2: Ec2): string[] {
  const ingress = [...ec2.rules.values()].filter(({ IsEgress }) => IsEgress !== true);
  return ingress.map((rule) => JSON.stringify({ ...rule, SecurityGroupRuleId: "" })).sort();
}

test("what is needed, and taken away by somebody else while it takes effect, stops it before anything is revoked", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);

  const { exitCode, errors } = await sealed("lockdown --apply", { onPause: () => takeNeeded(ec2) });

  assert.equal(exitCode, 1);
  assert.ok(reachesAll(ec2, fromLoadBalancer, https));
  assert.match(errors, /it still lacks sg-app tcp 443 from group sg-lb\. Nothing more was changed/);
  assert.match(errors, /or somebody else takes it back/);
  assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
});

test("what is needed, and taken away by somebody else between two revocations, stops it before the next", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  for (let index = 0; index < 150; index++) {
    ec2.give({ ...everybody, CidrIpv4: `10.9.${index}.0/24` });
  }
  ec2.give(everybody);
  ec2.onCall = (name, when) => {
    if (name === "RevokeSecurityGroupIngress" && when === "after") takeNeeded(ec2);
  };

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.equal(ec2.calls.filter((call) => call === "RevokeSecurityGroupIngress").length, 1);
  assert.ok(reachesAll(ec2, fromLoadBalancer, https));
});

test("a rule that was to stay, and that somebody else revokes meanwhile, is not said to be kept", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  const kept = ec2.give(ssh);
  ec2.onCall = (name, when) => {
    if (name === "RevokeSecurityGroupIngress" && when === "after") ec2.rules.delete(kept);
  };

  const { exitCode, output } = await sealed(`lockdown --apply --keep ${kept}`);
  const last = output.slice(output.indexOf("revoked"));

  assert.equal(exitCode, 1);
  assert.doesNotMatch(last, /^ +kept /m);
  assert.match(last, /somebody else changed the groups meanwhile/);
});

for (const other of ["", " --ingress-only", " --json"]) {
  test(`two at once, the second with "lockdown --apply${other}", shut the load balancer out at no step and end with the same`, async () => {
    const { ec2 } = fakePath();
    for (const rule of [everybody, ssh, allOut, intoDatabase]) ec2.give(rule);
    ec2.onCall = () => assert.ok(reachesAll(ec2, fromLoadBalancer, https));

    const both = await Promise.all([sealed("lockdown --apply"), sealed(`lockdown --apply${other}`)]);
    ec2.onCall = () => undefined;
    const { exitCode } = await sealed("audit");

    assert.deepEqual([...both.map((one) => one.exitCode), exitCode], [0, 0, 0]);
  });
}

for (const options of ["--ingress-only", "--keep", "--clients 10.0.0.0/8", "--shared sg-app"]) {
  test(`a run that is killed before it revokes is gone on with by one with ${options}`, async () => {
    const start = () => {
      const { ec2 } = fakePath();
      ec2.give(everybody);
      const kept = ec2.give(ssh);
      ec2.give({ ...allOut, GroupId: APP_GROUP });
      ec2.give(intoDatabase);
      return { ec2, call: `lockdown --apply ${options === "--keep" ? `--keep ${kept}` : options}` };
    };
    const undisturbed = start();
    await sealed(undisturbed.call);
    const { ec2, call } = start();
    ec2.onCall = (name, when) => {
      assert.ok(reachesAll(ec2, fromLoadBalancer, https));
      if (name.startsWith("Revoke") && when === "before") throw awsError("TimeoutError", "killed");
    };

    const first = await sealed("lockdown --apply");
    ec2.onCall = () => assert.ok(reachesAll(ec2, fromLoadBalancer, https));
    const second = await sealed(call);

    assert.deepEqual([first.exitCode, second.exitCode], [3, 0]);
    assert.deepEqual(ingressOf(ec2), ingressOf(undisturbed.ec2));
  });
}
