import assert from "node:assert/strict";
import test from "node:test";
import { RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { CHANGES, everybody, fromLoadBalancer, https, needed, ssh } from "../support/cloud/rules.ts";
import { reachesAll } from "../support/cloud/traffic.ts";
import { sealed } from "../support/harness.ts";

test("lockdown shows its plan and changes nothing without --apply", async () => {
  const { ec2 } = fakePath();
  const id = ec2.give(everybody);

  const { exitCode, output } = await sealed("lockdown");

  assert.equal(exitCode, 0);
  assert.match(output, /add +sg-app {2}ingress tcp 443 from group sg-lb: requests of the load balancer/);
  assert.match(
    output,
    new RegExp(`revoke +sg-app {2}${id} {2}ingress: lets in tcp 443 from every IPv4 address`),
  );
  assert.match(output, /nothing was changed: add --apply/);
  assert.ok(!ec2.calls.some((call) => CHANGES.test(call)));
});

test("lockdown --apply adds what is needed, reads it back, revokes by id, and reads back again", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.give(ssh);

  const { exitCode, output } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.deepEqual(ec2.calls.slice(ec2.calls.indexOf("AuthorizeSecurityGroupIngress")), [
    "AuthorizeSecurityGroupIngress",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroupRules",
    "RevokeSecurityGroupIngress",
    "DescribeSecurityGroupRules",
  ]);
  assert.equal(ec2.rules.size, 1);
  assert.ok(reachesAll(ec2, fromLoadBalancer, https));
  assert.match(output, /added +sg-app {2}tcp 443 from group sg-lb/);
  assert.match(output, /locked down, and read back/);
});

test("lockdown has nothing to change where everything is as narrow as it can be", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);

  const { exitCode, output } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.match(output, /nothing to change/);
  assert.ok(!ec2.calls.some((call) => CHANGES.test(call)));
});

test("a rule that --keep names stays", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(everybody);
  const id = ec2.give(ssh);

  const { exitCode, output } = await sealed(`lockdown --apply --keep ${id}`);

  assert.equal(exitCode, 0);
  assert.deepEqual([...ec2.rules.values()].map(({ FromPort }) => FromPort).sort(), [22, 443]);
  assert.match(output, new RegExp(`kept +sg-app {2}${id}`));
});

test("--keep with an id that no rule has is refused before anything is changed", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);

  const { exitCode, errors } = await sealed("lockdown --apply --keep sgr-unknown");

  assert.equal(exitCode, 2);
  assert.match(errors, /--keep names sgr-unknown/);
  assert.ok(!ec2.calls.some((call) => CHANGES.test(call)));
});

test("changes that EC2 shows late are waited for, and nothing is revoked before", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.lag = 3;

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  const revoked = ec2.calls.indexOf("RevokeSecurityGroupIngress");
  const added = ec2.calls.indexOf("AuthorizeSecurityGroupIngress");
  assert.equal(revoked - added, 6);
  assert.equal(ec2.rules.size, 1);
});

test("an addition that never shows ends it before anything is revoked", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.lag = 1_000;

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(errors, /it still lacks sg-app tcp 443 from group sg-lb\. Nothing more was changed/);
  assert.match(errors, /run: npx sealed lockdown --apply/);
  assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
});

test("500 rules on three pages are all judged, and revoked 100 at a time", async () => {
  const { ec2 } = fakePath();
  for (let index = 0; index < 499; index++) {
    ec2.give({
      GroupId: APP_GROUP,
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      CidrIpv4: `10.${index >> 8}.${index & 255}.0/24`,
    });
  }
  ec2.give(ssh);
  ec2.pageSize = 200;

  const { exitCode, output } = await sealed("lockdown --apply --json");

  assert.equal(exitCode, 0);
  assert.equal(JSON.parse(output).revoke.length, 500);
  assert.equal(ec2.rules.size, 1);
  assert.equal(ec2.calls.filter((call) => call === "RevokeSecurityGroupIngress").length, 5);
  // The survey, the addition, what is needed before each revocation, and what is left.
  const pages = 3 + 3 + (3 + 3 + 2 + 2 + 1) + 1;
  assert.equal(ec2.calls.filter((call) => call.endsWith("SecurityGroupRules")).length, pages);
});

test("a needed rule that somebody else adds meanwhile is what was wanted", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.onCall = (name, when) => {
    if (name === "AuthorizeSecurityGroupIngress" && when === "before") ec2.give(needed);
  };

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.equal(ec2.rules.size, 1);
});

for (const [what, isAdded] of [
  ["has the time to take effect before anything is revoked", true],
  ["that was there already needs none", false],
] as const) {
  test(`a needed rule ${what}`, async () => {
    const { ec2 } = fakePath();
    ec2.give(everybody);
    if (!isAdded) ec2.give(needed);

    await sealed("lockdown --apply", { onPause: () => ec2.calls.push("a pause") });

    const changes = ec2.calls.filter((call) => CHANGES.test(call) || call === "a pause");
    assert.deepEqual(
      changes,
      isAdded
        ? ["AuthorizeSecurityGroupIngress", "a pause", "RevokeSecurityGroupIngress"]
        : ["RevokeSecurityGroupIngress"],
    );
  });
}

test("Ctrl-C while an addition takes effect ends it before anything is revoked", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  const stop = new AbortController();

  const { exitCode } = await sealed("lockdown --apply", { signal: stop.signal, onPause: () => stop.abort() });

  assert.equal(exitCode, 130);
  assert.ok(!ec2.calls.includes("RevokeSecurityGroupIngress"));
});

test("a rule without an id is named by what it lets through, and not by our description", async () => {
  const { ec2, client } = fakePath();
  ec2.hasRuleIds = false;
  ec2.give(needed);
  ec2.give({ ...everybody, Description: "made by hand" });

  const { exitCode } = await sealed("lockdown --apply");

  const [call] = client.commandCalls(RevokeSecurityGroupIngressCommand);
  assert.equal(exitCode, 0);
  assert.deepEqual(call?.args[0].input.IpPermissions, [
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
  ]);
});
