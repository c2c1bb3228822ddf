import { BlockList } from "node:net";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { FakeEc2 } from "./fake-ec2.ts";

/** Who sends a packet. */
export interface Sender {
  groupIds: readonly string[];
  /** IPv4 or IPv6. */
  address: string;
  /** Prefix lists that hold the address. */
  prefixLists?: readonly string[];
}

/** What is sent: a port, or the type of an ICMP message. */
export interface Packet {
  protocol: string;
  port: number;
}

/** Whether a rule lets a packet of a sender through, as EC2 would: written from its documentation, not from ours. */
export function letsThrough(rule: SecurityGroupRule, sender: Sender, packet: Packet): boolean {
  return concerns(rule, packet) && isFrom(rule, sender);
}

function concerns(
  { IpProtocol, FromPort = -1, ToPort = -1 }: SecurityGroupRule,
  { protocol, port }: Packet,
): boolean {
  if (IpProtocol === "-1") return true;
  if (IpProtocol !== protocol) return false;
  if (FromPort === -1) return true;
  if (protocol.startsWith("icmp")) return FromPort === port;
  return FromPort <= port && port <= ToPort;
}

function isFrom(rule: SecurityGroupRule, { groupIds, address, prefixLists = [] }: Sender): boolean {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo: group } = rule;
  if (PrefixListId !== undefined) return prefixLists.includes(PrefixListId);
  if (group !== undefined) return group.PeeringStatus !== "deleted" && groupIds.includes(group.GroupId ?? "");
  const version = address.includes(":") ? "ipv6" : "ipv4";
  const range = version === "ipv6" ? CidrIpv6 : CidrIpv4;
  if (range === undefined) return false;
  const [network = "", prefix = ""] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), version);
  return list.check(address, version);
}

/** Whether every instance gets a packet of the sender. */
export function reachesAll(ec2: FakeEc2, sender: Sender, packet: Packet): boolean {
  return ec2.instances.every(({ groupIds }) =>
    [...ec2.rules.values()].some(
      (rule) =>
        rule.IsEgress !== true && groupIds.includes(rule.GroupId ?? "") && letsThrough(rule, sender, packet),
    ),
  );
}
