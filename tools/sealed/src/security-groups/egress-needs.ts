import { type Need, onePort, type Traffic } from "./need.ts";
import { coversPort, isSamePeer, isWithin, whyHarmless } from "./opening.ts";
import type { Peer, Rule } from "./rule.ts";
import { commonTraffic, isTrafficWithin } from "./traffic.ts";

/** A group that admits the instances. */
export interface Neighbour {
  groupId: string;
  admitted: Traffic;
  /** Addresses of what is in the group, and all groups that it has; of an empty one, addresses of where it will be. */
  reachedBy: readonly Peer[];
}

const HTTPS_PORT = 443;

/**
 * Returns what instances must be able to reach, of what they can reach now: nothing is opened here.
 *
 * HTTPS goes wherever it goes now, for the services of AWS: through a NAT to all addresses, or to VPC endpoints and S3's
 * prefix list. Every group that admits the instances, as the database's does, is reached on what it admits: which port
 * of a range is used is not known here.
 */
export function egressNeeds(rules: readonly Rule[], neighbours: readonly Neighbour[]): Need[] {
  const living = rules.filter((rule) => rule.direction === "egress" && whyHarmless(rule) === undefined);
  const https = living
    .filter((rule) => coversPort(rule, HTTPS_PORT))
    .map(({ peer }) => need(onePort(HTTPS_PORT), peer, "HTTPS to the services of AWS"));
  const toNeighbours = neighbours.flatMap((neighbour) =>
    living
      .filter(({ peer }) => reaches(peer, neighbour))
      .flatMap((rule) => commonTraffic(rule, neighbour.admitted) ?? [])
      .map((traffic) => toNeighbour(traffic, neighbour.groupId)),
  );
  return widest([...https, ...toNeighbours]);
}

function reaches(peer: Peer, { reachedBy }: Neighbour): boolean {
  // What is in a prefix list is not known here: rather an exact rule more than a database that is cut off.
  return peer.kind === "prefix-list" || reachedBy.some((one) => isWithin(one, peer));
}

function toNeighbour(traffic: Traffic, groupId: string): Need {
  const isOne = /^(tcp|udp)$/.test(traffic.protocol) && traffic.fromPort === traffic.toPort;
  const what = isOne ? "this port" : "all of this, and which port is used is not known";
  const peer: Peer = { kind: "group", id: groupId, isGone: false };
  return need(traffic, peer, `that group admits the instances on ${what}`);
}

function need(traffic: Traffic, peer: Peer, purpose: string): Need {
  return { ...traffic, anyOf: [peer], purpose };
}

/** Leaves out what is part of another need, and of those that are alike all but the first. */
function widest(needs: readonly Need[]): Need[] {
  return needs.filter(
    (inner, place) =>
      !needs.some(
        (outer, other) =>
          other !== place &&
          hasSamePeer(inner, outer) &&
          isTrafficWithin(inner, outer) &&
          (other < place || !isTrafficWithin(outer, inner)),
      ),
  );
}

function hasSamePeer({ anyOf: [one] }: Need, { anyOf: [other] }: Need): boolean {
  return one !== undefined && other !== undefined && isSamePeer(one, other);
}
