import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import type { Addition } from "../security-groups/plan.ts";
import type { Opening, Peer, Rule } from "../security-groups/rule.ts";

/** By it a rule of ours is known among others; EC2 allows letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`. */
const DESCRIPTION = "sealed lockdown";

/** Other protocols, and all of them, are given without. */
const HAS_PORTS = ["tcp", "udp", "icmp", "icmpv6"];

/** Adds a rule to its group; one that is there already is what was wanted. */
export async function addRule(ec2: EC2Client, { groupId, direction, opening }: Addition): Promise<void> {
  const input = { GroupId: groupId, IpPermissions: [permissionOf(opening, { Description: DESCRIPTION })] };
  try {
    await (direction === "ingress"
      ? ec2.send(new AuthorizeSecurityGroupIngressCommand(input))
      : ec2.send(new AuthorizeSecurityGroupEgressCommand(input)));
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidPermission.Duplicate") return;
    throw error;
  }
}

/** Takes rules of one group and one direction away, all or none. */
export async function revokeRules(ec2: EC2Client, rules: readonly Rule[]): Promise<void> {
  const [first] = rules;
  if (first === undefined) return;
  // Where a cloud has no rule ids, a rule is named by what it says.
  const which = rules.every(({ id }) => id.startsWith("sgr-"))
    ? { SecurityGroupRuleIds: rules.map(({ id }) => id) }
    : { IpPermissions: rules.map((rule) => permissionOf(rule)) };
  const input = { GroupId: first.groupId, ...which };
  await (first.direction === "ingress"
    ? ec2.send(new RevokeSecurityGroupIngressCommand(input))
    : ec2.send(new RevokeSecurityGroupEgressCommand(input)));
}

/** A rule that is to be revoked may have another description, or none: there it is left out. */
function permissionOf(
  { protocol, fromPort, toPort, peer }: Opening,
  description: { Description?: string } = {},
): IpPermission {
  const ports = HAS_PORTS.includes(protocol) ? { FromPort: fromPort, ToPort: toPort } : {};
  return { IpProtocol: protocol, ...ports, ...otherSide(peer, description) };
}

function otherSide(peer: Peer, description: { Description?: string }): IpPermission {
  switch (peer.kind) {
    case "ipv4":
      return { IpRanges: [{ CidrIp: peer.range, ...description }] };
    case "ipv6":
      return { Ipv6Ranges: [{ CidrIpv6: peer.range, ...description }] };
    case "prefix-list":
      return { PrefixListIds: [{ PrefixListId: peer.id, ...description }] };
    case "group":
      return { UserIdGroupPairs: [{ GroupId: peer.id, ...description }] };
  }
}
