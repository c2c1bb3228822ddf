import type { Opening, Peer } from "./rule.ts";

/** What goes one way: a protocol, and its ports. */
export type Traffic = Omit<Opening, "peer">;

/** One way that must be open, and the narrowest rule that opens it. */
export interface Need extends Traffic {
  /** Any one of them is enough; the first is taken where none is admitted yet. */
  anyOf: readonly Peer[];
  /** What it is for. */
  purpose: string;
}

/** Returns one port of a protocol. */
export function onePort(port: number, protocol = "tcp"): Traffic {
  return { protocol, fromPort: port, toPort: port };
}

/** Returns the narrowest opening that meets a need. */
export function openingFor({ protocol, fromPort, toPort, anyOf }: Need): Opening {
  const [peer] = anyOf;
  if (peer === undefined) throw new RangeError("a need has at least one peer");
  return { protocol, fromPort, toPort, peer };
}
