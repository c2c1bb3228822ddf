import type { Opening, Peer } from "./rule.ts";

/** One way that must be open, and the narrowest rule that opens it. */
export interface Need {
  protocol: "tcp" | "udp";
  port: number;
  /** Any one of them is enough; the first is taken where none is admitted yet. */
  anyOf: readonly Peer[];
  /** What it is for. */
  purpose: string;
}

/** Returns the narrowest opening that meets a need. */
export function openingFor({ protocol, port, anyOf }: Need): Opening {
  const [peer] = anyOf;
  if (peer === undefined) throw new RangeError("a need has at least one peer");
  return { protocol, fromPort: port, toPort: port, peer };
}
