import type { SecurityGroupRule } from "@aws-sdk/client-ec2";

/** Which way a rule lets traffic through, as seen from the instance. */
export type Direction = "ingress" | "egress";

/** The other side of a rule. */
export type Peer =
  | { kind: "ipv4"; range: string }
  | { kind: "ipv6"; range: string }
  | { kind: "prefix-list"; id: string }
  | { kind: "group"; id: string; isGone: boolean };

/** What a rule lets through, wherever it stands. */
export interface Opening {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all of them, or the number of another protocol. */
  protocol: string;
  /** Of ICMP the type and the code; -1: all of them. */
  fromPort: number;
  toPort: number;
  peer: Peer;
}

/** One rule of a security group. */
export interface Rule extends Opening {
  id: string;
  groupId: string;
  direction: Direction;
  description: string;
}

/** Names that EC2 uses for numbers, and takes numbers for. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  58: "icmpv6",
  all: "-1",
};

const ALL_PORTS = { fromPort: 0, toPort: 65_535 };

/** Returns a rule as EC2 describes it. */
export function toRule(described: SecurityGroupRule): Rule {
  const { SecurityGroupRuleId: id = "", GroupId: groupId = "", Description: description = "" } = described;
  const said = described.IpProtocol ?? "-1";
  const protocol = PROTOCOL_NAMES[said] ?? said;
  return {
    id,
    groupId,
    description,
    direction: described.IsEgress === true ? "egress" : "ingress",
    protocol,
    ...portsOf(protocol, described),
    peer: peerOf(described),
  };
}

function portsOf(protocol: string, { FromPort = -1, ToPort = -1 }: SecurityGroupRule) {
  if (protocol === "icmp" || protocol === "icmpv6") return { fromPort: FromPort, toPort: ToPort };
  // Protocols without ports, and all protocols, have -1 for both.
  return FromPort === -1 ? ALL_PORTS : { fromPort: FromPort, toPort: ToPort };
}

function peerOf({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo: group }: SecurityGroupRule): Peer {
  if (CidrIpv4 !== undefined) return { kind: "ipv4", range: CidrIpv4 };
  if (CidrIpv6 !== undefined) return { kind: "ipv6", range: CidrIpv6 };
  if (PrefixListId !== undefined) return { kind: "prefix-list", id: PrefixListId };
  // A group behind a peering that ended, or in another VPC that is gone: EC2 calls such a rule stale.
  const isGone = /^(deleted|rejected|expired|failed)$/.test(group?.PeeringStatus ?? "");
  return { kind: "group", id: group?.GroupId ?? "", isGone };
}

/** Returns an address range as the other side of a rule. */
export function rangePeer(range: string): Peer {
  return { kind: range.includes(":") ? "ipv6" : "ipv4", range };
}

/** Returns one address as the other side of a rule. */
export function addressPeer(address: string): Peer {
  return rangePeer(`${address}/${address.includes(":") ? 128 : 32}`);
}

/** Returns a peer in words. */
export function peerText(peer: Peer): string {
  switch (peer.kind) {
    case "ipv4":
      return peer.range === "0.0.0.0/0" ? "every IPv4 address" : peer.range;
    case "ipv6":
      return peer.range === "::/0" ? "every IPv6 address" : peer.range;
    case "prefix-list":
      return `prefix list ${peer.id}`;
    case "group":
      return `group ${peer.id}`;
  }
}

/** Returns protocol and ports in words. */
export function trafficText({ protocol, fromPort, toPort }: Omit<Opening, "peer">): string {
  if (protocol === "-1") return "all protocols";
  if (protocol === "icmp" || protocol === "icmpv6") {
    return fromPort === -1 ? `all ${protocol}` : `${protocol} type ${fromPort}`;
  }
  if (protocol !== "tcp" && protocol !== "udp") return `protocol ${protocol}`;
  if (fromPort === toPort) return `${protocol} ${fromPort}`;
  return fromPort === 0 && toPort === 65_535 ? `all ${protocol} ports` : `${protocol} ${fromPort}-${toPort}`;
}
