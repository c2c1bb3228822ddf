import assert from "node:assert/strict";
import test from "node:test";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import type { FakeEc2 } from "../support/cloud/fake-ec2.ts";
import { APP_GROUP, DATABASE_GROUP, fakePath, LOAD_BALANCER_GROUP } from "../support/cloud/fake-path.ts";
import { fromLoadBalancer, https, intoDatabase } from "../support/cloud/rules.ts";
import { letsThrough, type Packet, reachesAll, type Sender } from "../support/cloud/traffic.ts";
import { sealed } from "../support/harness.ts";

const RUNS = 150;

/** Another group of the first instance. */
const SECOND_GROUP = "sg-app-2";

const peer: fc.Arbitrary<SecurityGroupRule> = fc.oneof(
  fc
    .constantFrom(
      "0.0.0.0/0",
      "10.0.0.0/8",
      "10.0.0.10/32",
      "10.0.0.0/24",
      "203.0.113.0/24",
      "255.255.255.255/32",
    )
    .map((CidrIpv4) => ({ CidrIpv4 })),
  fc.constantFrom("::/0", "2001:db8::/32").map((CidrIpv6) => ({ CidrIpv6 })),
  fc.constantFrom("pl-1", "pl-2").map((PrefixListId) => ({ PrefixListId })),
  fc
    .constantFrom(LOAD_BALANCER_GROUP, APP_GROUP, SECOND_GROUP, DATABASE_GROUP, "sg-other")
    .map((GroupId) => ({ ReferencedGroupInfo: { GroupId } })),
  fc.constant({ ReferencedGroupInfo: { GroupId: "sg-gone", PeeringStatus: "deleted" } }),
);

const port = fc.constantFrom(0, 1, 22, 80, 442, 443, 444, 3307, 8080, 65_535);

const traffic: fc.Arbitrary<SecurityGroupRule> = fc.oneof(
  fc.constant({ IpProtocol: "-1", FromPort: -1, ToPort: -1 }),
  fc.tuple(fc.constantFrom("tcp", "tcp", "udp"), port, port).map(([IpProtocol, one, other]) => ({
    IpProtocol,
    FromPort: Math.min(one, other),
    ToPort: Math.max(one, other),
  })),
  fc.constant({ IpProtocol: "tcp", FromPort: 443, ToPort: 443 }),
  fc
    .tuple(fc.constantFrom("icmp", "icmpv6"), fc.constantFrom(-1, 3, 8))
    .map(([IpProtocol, FromPort]) => ({ IpProtocol, FromPort, ToPort: -1 })),
  fc.constant({ IpProtocol: "50", FromPort: -1, ToPort: -1 }),
);

const rule = fc.record({
  what: traffic,
  from: peer,
  GroupId: fc.constantFrom(APP_GROUP, APP_GROUP, SECOND_GROUP),
  IsEgress: fc.boolean(),
  isKept: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
});

const world = fc.record({
  kind: fc.constantFrom("application", "network", "classic"),
  rules: fc.uniqueArray(rule, {
    maxLength: 14,
    selector: ({ isKept, ...content }) => JSON.stringify(content),
  }),
  hasSecondGroup: fc.boolean(),
  lag: fc.integer({ min: 0, max: 2 }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function build({ kind, rules, hasSecondGroup, lag }: World): { ec2: FakeEc2; kept: string[] } {
  const { ec2 } = fakePath({ kind });
  if (hasSecondGroup) {
    ec2.instances.splice(0, 1, { id: "i-1", address: "10.0.2.11", groupIds: [APP_GROUP, SECOND_GROUP] });
  }
  ec2.lag = lag;
  const kept: string[] = [];
  for (const { what, from, GroupId, IsEgress, isKept } of rules) {
    const id = ec2.give({ ...what, ...from, GroupId, IsEgress });
    if (isKept && (hasSecondGroup || GroupId === APP_GROUP)) kept.push(id);
  }
  ec2.give(intoDatabase);
  return { ec2, kept };
}

const lockdown = (kept: readonly string[]) =>
  sealed(["lockdown --apply", ...kept.map((id) => `--keep ${id}`)].join(" "));

const SENDERS: readonly Sender[] = [
  fromLoadBalancer,
  { groupIds: [APP_GROUP], address: "10.0.2.11" },
  { groupIds: [SECOND_GROUP], address: "10.0.2.11" },
  { groupIds: [DATABASE_GROUP], address: "10.0.4.1" },
  { groupIds: ["sg-other"], address: "10.200.0.1" },
  { groupIds: ["sg-gone"], address: "172.16.0.1" },
  { groupIds: [], address: "10.0.0.10" },
  { groupIds: [], address: "203.0.113.9", prefixLists: ["pl-1"] },
  { groupIds: [], address: "198.51.100.7", prefixLists: ["pl-2"] },
  { groupIds: [], address: "2001:db8::1" },
  { groupIds: [], address: "2a00::1" },
];
const PACKETS: readonly Packet[] = [
  ...[0, 1, 22, 80, 442, 443, 444, 3307, 8080, 65_535].flatMap((number) => [
    { protocol: "tcp", port: number },
    { protocol: "udp", port: number },
  ]),
  { protocol: "icmp", port: 8 },
  { protocol: "icmpv6", port: 128 },
  { protocol: "50", port: 0 },
];

test("for any set of rules, exactly the load balancer's port 443 and what --keep names is let in afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      const keptRules = kept.flatMap((id) => ec2.rules.get(id) ?? []);

      const { exitCode, errors } = await lockdown(kept);

      assert.equal(exitCode, 0, errors);
      assert.ok(reachesAll(ec2, fromLoadBalancer, https));
      for (const { groupIds } of ec2.instances) {
        const ofInstance = (rule: SecurityGroupRule) =>
          rule.IsEgress !== true && groupIds.includes(rule.GroupId ?? "");
        for (const sender of SENDERS) {
          for (const packet of PACKETS) {
            const isNeeded = sender === fromLoadBalancer && packet.protocol === "tcp" && packet.port === 443;
            const isKept = keptRules.some((one) => ofInstance(one) && letsThrough(one, sender, packet));
            const isLetIn = [...ec2.rules.values()].some(
              (one) => ofInstance(one) && letsThrough(one, sender, packet),
            );
            assert.equal(isLetIn, isNeeded || isKept, JSON.stringify({ sender, packet }));
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test("for any set of rules, the load balancer that gets through is shut out at no step", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      let gotThrough = reachesAll(ec2, fromLoadBalancer, https);
      ec2.onCall = (name) => {
        const getsThrough = reachesAll(ec2, fromLoadBalancer, https);
        assert.ok(getsThrough || !gotThrough, `shut out at ${name}`);
        gotThrough = getsThrough;
      };

      await lockdown(kept);

      assert.ok(gotThrough);
    }),
    { numRuns: RUNS },
  );
});

test("for any set of rules, instances reach HTTPS and their database wherever they did and nowhere else, and a second run changes nothing", async () => {
  // What is in a prefix list is not known, so any of the VPC's own may be.
  const prefixLists = ["pl-1", "pl-2"];
  const receivers = SENDERS.map((one) => (one.groupIds.length > 0 ? { ...one, prefixLists } : one));
  const database = { groupIds: [DATABASE_GROUP], address: "10.0.4.1", prefixLists };
  const targets: [Sender, Packet][] = [
    [database, { protocol: "tcp", port: 3307 }],
    ...receivers.map((receiver): [Sender, Packet] => [receiver, https]),
  ];
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      const sends = () =>
        ec2.instances.flatMap(({ groupIds }) => {
          const rules = [...ec2.rules.values()].filter(({ GroupId = "" }) => groupIds.includes(GroupId));
          const out = rules.filter(({ IsEgress }) => IsEgress === true);
          return targets.map(([receiver, packet]) => out.some((one) => letsThrough(one, receiver, packet)));
        });
      const before = sends();

      await lockdown(kept);
      const after = sends();
      const changes = ec2.calls.length;
      await lockdown(kept);

      assert.deepEqual(after, before);
      assert.ok(!ec2.calls.slice(changes).some((call) => /^(Authorize|Revoke)/.test(call)));
    }),
    { numRuns: RUNS },
  );
});
