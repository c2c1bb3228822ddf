import { BlockList, type IPVersion } from "node:net";
import type { Opening, Peer } from "./rule.ts";

/** Whether two peers are the same. */
export function isSamePeer(one: Peer, other: Peer): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf(peer: Peer): string {
  return peer.kind === "ipv4" || peer.kind === "ipv6"
    ? `${peer.kind} ${peer.range}`
    : `${peer.kind} ${peer.id}`;
}

/** Whether one peer is the other or a part of it, as far as that can be told without asking what is in it. */
export function isWithin(inner: Peer, outer: Peer): boolean {
  if (inner.kind !== outer.kind) return false;
  if ((inner.kind === "ipv4" || inner.kind === "ipv6") && "range" in outer) {
    return isRangeWithin(inner.range, outer.range, inner.kind);
  }
  return isSamePeer(inner, outer);
}

/** Whether an address range holds an address, or another range as a whole. */
function isRangeWithin(inner: string, outer: string, version: IPVersion): boolean {
  const [innerAddress = "", innerPrefix = "128"] = inner.split("/");
  const [outerAddress = "", outerPrefix = "128"] = outer.split("/");
  if (Number(innerPrefix) < Number(outerPrefix)) return false;
  const list = new BlockList();
  list.addSubnet(outerAddress, Number(outerPrefix), version);
  return list.check(innerAddress, version);
}

/** Whether an opening lets a port of a protocol through; to whom is another question. */
export function coversPort({ protocol, fromPort, toPort }: Opening, port: number, wanted = "tcp"): boolean {
  return protocol === "-1" || (protocol === wanted && fromPort <= port && port <= toPort);
}

/** Whether an opening lets in no new connection: it has no meaning, or reports errors of connections there are. */
export function whyHarmless({ protocol, fromPort, peer }: Opening): string | undefined {
  if (peer.kind === "group" && peer.isGone)
    return "the group on the other side is gone: nobody uses this rule";
  // The range by which CloudFormation's users say "nothing": no host can have it.
  if (peer.kind === "ipv4" && peer.range === "255.255.255.255/32") return "no host has this address";
  // https://www.rfc-editor.org/rfc/rfc792 and https://www.rfc-editor.org/rfc/rfc4443
  if (protocol === "icmp" && fromPort === 3)
    return "reports that a packet did not arrive: opens no connection";
  if (protocol === "icmpv6" && (fromPort === 1 || fromPort === 2)) {
    return "reports that a packet did not arrive: opens no connection";
  }
  return undefined;
}
