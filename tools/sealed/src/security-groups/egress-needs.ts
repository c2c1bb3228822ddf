import type { Need } from "./need.ts";
import { coversPort, isWithin, whyHarmless } from "./opening.ts";
import type { Peer, Rule } from "./rule.ts";

/** A group that admits the instances on one port, as a database's does. */
export interface Neighbour {
  groupId: string;
  port: number;
  /** Addresses of what is in the group. */
  addresses: readonly Peer[];
}

const HTTPS_PORT = 443;

/**
 * Returns what instances must be able to reach, of what they can reach now: nothing is opened here.
 *
 * HTTPS goes wherever it goes now, for the services of AWS: through a NAT to all addresses, or to VPC endpoints and S3's
 * prefix list. Every group that admits the instances on one port, as the database's does, is reached on that port.
 */
export function egressNeeds(rules: readonly Rule[], neighbours: readonly Neighbour[]): Need[] {
  const living = rules.filter((rule) => rule.direction === "egress" && whyHarmless(rule) === undefined);
  const https = living
    .filter((rule) => coversPort(rule, HTTPS_PORT))
    .map(({ peer }) => need(HTTPS_PORT, peer, "HTTPS to the services of AWS"));
  const toNeighbours = neighbours
    .filter((neighbour) =>
      living.some((rule) => coversPort(rule, neighbour.port) && reaches(rule.peer, neighbour)),
    )
    .map(({ groupId, port }) => {
      const peer: Peer = { kind: "group", id: groupId, isGone: false };
      return need(port, peer, "that group admits the instances on this port");
    });
  const key = ({ port, anyOf: [peer] }: Need) => JSON.stringify([port, peer]);
  return [...new Map([...https, ...toNeighbours].map((one) => [key(one), one])).values()];
}

function reaches(peer: Peer, { groupId, addresses }: Neighbour): boolean {
  if (peer.kind === "group") return peer.id === groupId;
  // What is in a prefix list is not known here: rather an exact rule more than a database that is cut off.
  return peer.kind === "prefix-list" || addresses.some((address) => isWithin(address, peer));
}

function need(port: number, peer: Peer, purpose: string): Need {
  return { protocol: "tcp", port, anyOf: [peer], purpose };
}
