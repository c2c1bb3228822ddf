import type { Traffic } from "./need.ts";

/** Returns what both let through; `undefined`: nothing. */
export function commonTraffic(one: Traffic, other: Traffic): Traffic | undefined {
  if (one.protocol === "-1") return trafficOf(other);
  if (other.protocol === "-1") return trafficOf(one);
  const { protocol } = one;
  if (protocol !== other.protocol) return undefined;
  if (protocol === "icmp" || protocol === "icmpv6") return commonMessages(one, other);
  const fromPort = Math.max(one.fromPort, other.fromPort);
  const toPort = Math.min(one.toPort, other.toPort);
  return fromPort <= toPort ? { protocol, fromPort, toPort } : undefined;
}

/** Whether all of one traffic is part of another. */
export function isTrafficWithin(inner: Traffic, outer: Traffic): boolean {
  const common = commonTraffic(inner, outer);
  return (
    common !== undefined &&
    common.protocol === inner.protocol &&
    common.fromPort === inner.fromPort &&
    common.toPort === inner.toPort
  );
}

/** Of ICMP the two numbers are a type and a code, and -1 is all of them. */
function commonMessages(one: Traffic, other: Traffic): Traffic | undefined {
  const fromPort = commonNumber(one.fromPort, other.fromPort);
  const toPort = commonNumber(one.toPort, other.toPort);
  if (fromPort === undefined || toPort === undefined) return undefined;
  return { protocol: one.protocol, fromPort, toPort };
}

function commonNumber(one: number, other: number): number | undefined {
  if (one === -1) return other;
  return other === -1 || other === one ? one : undefined;
}

function trafficOf({ protocol, fromPort, toPort }: Traffic): Traffic {
  return { protocol, fromPort, toPort };
}
