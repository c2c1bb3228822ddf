import assert from "node:assert/strict";
import test from "node:test";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { APP_GROUP, fakePath, LOAD_BALANCER_GROUP } from "../support/cloud/fake-path.ts";
import { allOut, CHANGES, everybody, intoDatabase, needed, ssh } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

const ofLoadBalancer = { ReferencedGroupInfo: { GroupId: LOAD_BALANCER_GROUP } };
const all = { IpProtocol: "-1", FromPort: -1, ToPort: -1 };

/** What the audit says of one rule beside the needed one. */
async function verdictOn(
  rule: SecurityGroupRule,
): Promise<{ verdict: string; reason: string; exitCode: number }> {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const id = ec2.give({ GroupId: APP_GROUP, ...rule });
  const { exitCode, output } = await sealed("audit --json");
  const document = JSON.parse(output) as { rules: { id: string; verdict: string; reason: string }[] };
  const { verdict = "", reason = "" } = document.rules.find((one) => one.id === id) ?? {};
  return { verdict, reason, exitCode };
}

for (const [name, rule, reason] of [
  [
    "443 of every IPv4 address",
    everybody,
    /tcp 443 from every IPv4 address: group sg-lb is who needs tcp 443/,
  ],
  [
    "443 of every IPv6 address",
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIpv6: "::/0" },
    /every IPv6 address/,
  ],
  [
    "443 of a prefix list",
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, PrefixListId: "pl-1" },
    /prefix list pl-1/,
  ],
  [
    "443 of another group",
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, ReferencedGroupInfo: { GroupId: "sg-x" } },
    /from group sg-x/,
  ],
  [
    "ports around 443 of the load balancer",
    { IpProtocol: "tcp", FromPort: 400, ToPort: 500, ...ofLoadBalancer },
    /tcp 400-500 from group sg-lb, where tcp 443 is enough/,
  ],
  [
    "everything of the load balancer",
    { ...all, ...ofLoadBalancer },
    /all protocols from group sg-lb, where tcp 443/,
  ],
  [
    "everything of the group itself",
    { ...all, ReferencedGroupInfo: { GroupId: APP_GROUP } },
    /all protocols from group sg-app/,
  ],
  ["SSH", ssh, /tcp 22 from every IPv4 address: nothing of this path needs it/],
  ["UDP on the port", { IpProtocol: "udp", FromPort: 443, ToPort: 443, ...ofLoadBalancer }, /udp 443/],
  [
    "pings",
    { IpProtocol: "icmp", FromPort: -1, ToPort: -1, CidrIpv4: "0.0.0.0/0" },
    /all icmp from every IPv4/,
  ],
  ["another protocol", { IpProtocol: "50", CidrIpv4: "10.0.0.0/8" }, /protocol 50 from 10\.0\.0\.0\/8/],
  ["TCP by its number", { IpProtocol: "6", FromPort: 80, ToPort: 80, CidrIpv4: "10.0.0.0/8" }, /tcp 80/],
] as const) {
  test(`${name} is less restrictive, with the reason`, async () => {
    const { verdict, exitCode, ...said } = await verdictOn(rule);

    assert.equal(verdict, "less restrictive");
    assert.match(said.reason, reason);
    assert.equal(exitCode, 1);
  });
}

for (const [name, rule, reason] of [
  [
    "a report that a packet was too big",
    { IpProtocol: "icmp", FromPort: 3, ToPort: 4, CidrIpv4: "0.0.0.0/0" },
    /opens no connection/,
  ],
  [
    "its counterpart in IPv6",
    { IpProtocol: "icmpv6", FromPort: 2, ToPort: -1, CidrIpv6: "::/0" },
    /opens no connection/,
  ],
  [
    "a rule of a group that is gone",
    { ...all, ReferencedGroupInfo: { GroupId: "sg-x", PeeringStatus: "deleted" } },
    /gone/,
  ],
  ["an address that no host has", { ...all, IsEgress: true, CidrIpv4: "255.255.255.255/32" }, /no host/],
] as const) {
  test(`${name} is unrelated, with the reason`, async () => {
    const { verdict, exitCode, ...said } = await verdictOn(rule);

    assert.equal(verdict, "unrelated");
    assert.match(said.reason, reason);
    assert.equal(exitCode, 0);
  });
}

test("audit finds nothing to say against the groups that infra makes, in either direction", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give({ ...everybody, IsEgress: true });
  ec2.give({
    ...intoDatabase,
    GroupId: APP_GROUP,
    IsEgress: true,
    ReferencedGroupInfo: { GroupId: "sg-db" },
  });
  ec2.give(intoDatabase);

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 0);
  assert.match(output, /application load balancer lb {2}sg-lb\n/);
  assert.match(output, /egress +tcp 3307 to group sg-db +needed +that group admits the instances/);
  assert.match(output, /nothing else but what is kept\n$/);
  assert.ok(!ec2.calls.some((call) => CHANGES.test(call)));
});

test("audit says that a needed rule is missing, also where a looser one lets the load balancer through", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 1);
  assert.match(
    output,
    /needed, and no rule of its own opens it:\n +add +sg-app {2}ingress tcp 443 from group sg-lb/,
  );
  assert.match(output, /less restrictive rules: 1, missing rules: 1 {2}\(npx sealed lockdown/);
});

test("a rule that --keep names does not make the verdict negative, and is marked", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const id = ec2.give(ssh);

  const { exitCode, output } = await sealed(`audit --keep ${id}`);

  assert.equal(exitCode, 0);
  assert.match(output, new RegExp(`${id} .*less restrictive \\(kept\\)`));
});

test("egress that lets everything out is less restrictive, unless --ingress-only leaves it out", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(allOut);

  const both = await sealed("audit");
  const ingress = await sealed("audit --ingress-only");

  assert.equal(both.exitCode, 1);
  assert.match(both.output, /lets out all protocols to every IPv4 address, where tcp 443 is enough/);
  assert.equal(ingress.exitCode, 0);
  assert.doesNotMatch(ingress.output, /egress/);
});

test("the document of --json has path, verdict, rules and what is missing", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);

  const { output } = await sealed("audit --json");

  const document = JSON.parse(output);
  assert.equal(document.verdict, "loose");
  assert.deepEqual(document.loadBalancer, { kind: "application", name: "lb", groupIds: ["sg-lb"] });
  assert.deepEqual(document.instances, ["i-1", "i-2"]);
  assert.equal(document.rules[0].verdict, "less restrictive");
  assert.equal(document.missing[0].groupId, "sg-app");
});
