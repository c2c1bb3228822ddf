import assert from "node:assert/strict";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { sealed } from "../harness.ts";
import type { FakeEc2 } from "./fake-ec2.ts";
import { APP_GROUP, DATABASE_GROUP, fakePath, LOAD_BALANCER_GROUP } from "./fake-path.ts";
import { fromLoadBalancer, intoDatabase } from "./rules.ts";
import type { Packet, Sender } from "./traffic.ts";

/** Worlds that a property is tried in. */
export const RUNS = 150;

/** Another group of the first instance, and of the database. */
export const SECOND_GROUP = "sg-app-2";
const SECOND_DATABASE_GROUP = "sg-db-2";

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
  fc.constantFrom("::/0", "2001:db8::/32", "2001:db8:2::/64").map((CidrIpv6) => ({ CidrIpv6 })),
  fc.constantFrom("pl-1", "pl-2").map((PrefixListId) => ({ PrefixListId })),
  fc
    .constantFrom(
      LOAD_BALANCER_GROUP,
      APP_GROUP,
      SECOND_GROUP,
      DATABASE_GROUP,
      SECOND_DATABASE_GROUP,
      "sg-other",
    )
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

/** A rule by which the database admits the instances: one port, a range of them, all of TCP, or everything. */
const admission = fc.record({
  what: fc.oneof(traffic, fc.constant({ IpProtocol: "tcp", FromPort: 0, ToPort: 65_535 })),
  from: fc.oneof(
    peer,
    fc.constantFrom(APP_GROUP, SECOND_GROUP).map((GroupId) => ({ ReferencedGroupInfo: { GroupId } })),
  ),
  GroupId: fc.constantFrom(DATABASE_GROUP, SECOND_DATABASE_GROUP),
});

/** Rules of instances and of their database, and what there is besides. */
export const world = fc.record({
  kind: fc.constantFrom("application", "network", "classic"),
  rules: fc.uniqueArray(rule, {
    maxLength: 14,
    selector: ({ isKept, ...content }) => JSON.stringify(content),
  }),
  admissions: fc.uniqueArray(admission, { maxLength: 4, selector: (content) => JSON.stringify(content) }),
  hasSecondGroup: fc.boolean(),
  lag: fc.integer({ min: 0, max: 2 }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** What is in a prefix list is not known, so whatever the VPC has may be. */
export const prefixLists = ["pl-1", "pl-2"];

/** The database behind the instances. */
export const DATABASE: Sender = {
  groupIds: [DATABASE_GROUP, SECOND_DATABASE_GROUP],
  address: "10.0.4.1",
  prefixLists,
};

/** Makes it; returns the ids of the rules that are to be kept. */
export function build({ kind, rules, admissions, hasSecondGroup, lag }: World): {
  ec2: FakeEc2;
  kept: string[];
} {
  const { ec2 } = fakePath({ kind });
  if (hasSecondGroup) {
    const [first] = ec2.instances;
    assert.ok(first);
    ec2.instances.splice(0, 1, { ...first, groupIds: [APP_GROUP, SECOND_GROUP] });
  }
  const index = ec2.interfaces.findIndex(({ groupIds }) => groupIds.includes(DATABASE_GROUP));
  ec2.interfaces.splice(index, 1, {
    description: "RDSNetworkInterface",
    groupIds: [...DATABASE.groupIds],
    address: DATABASE.address,
  });
  ec2.lag = lag;
  const kept: string[] = [];
  for (const { what, from, GroupId, IsEgress, isKept } of rules) {
    const id = ec2.give({ ...what, ...from, GroupId, IsEgress });
    if (isKept && (hasSecondGroup || GroupId === APP_GROUP)) kept.push(id);
  }
  for (const { what, from, GroupId } of admissions) ec2.give({ ...what, ...from, GroupId });
  ec2.give({ ...intoDatabase, SecurityGroupRuleId: "sgr-into-database" });
  return { ec2, kept };
}

/** Locks it down. */
export const lockdown = (kept: readonly string[]) =>
  sealed(["lockdown --apply", ...kept.map((id) => `--keep ${id}`)].join(" "));

/** Of each kind one that rules may name. */
export const SENDERS: readonly Sender[] = [
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
/** Of each kind of traffic one inside and one outside of the ranges of ports. */
export const PACKETS: readonly Packet[] = [
  ...[0, 1, 22, 80, 442, 443, 444, 3307, 8080, 65_535].flatMap((number) => [
    { protocol: "tcp", port: number },
    { protocol: "udp", port: number },
  ]),
  { protocol: "icmp", port: 8 },
  { protocol: "icmpv6", port: 128 },
  { protocol: "50", port: 0 },
];
