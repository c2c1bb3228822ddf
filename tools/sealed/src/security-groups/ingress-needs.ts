import { type Backend, distinct, type LoadBalancer } from "../load-balancers/load-balancer.ts";
import type { Need } from "./need.ts";
import { coversPort, isWithin, whyHarmless } from "./opening.ts";
import type { Peer, Rule } from "./rule.ts";

/** What is known besides the load balancer. */
export interface Surroundings {
  /** Address ranges of the load balancer's subnets. */
  subnetRanges: readonly string[];
  /** Who may connect, where the load balancer has no group; absent: whoever may now. */
  clients: readonly string[] | undefined;
  /** Rules of the instances' groups. */
  rules: readonly Rule[];
}

/**
 * Returns what must be open for a load balancer to reach what is behind it.
 *
 * One that has groups is named by them, whether or not it keeps the client's address. A Network Load Balancer without
 * a group cannot be named: where it keeps the client's address, the clients are who connects, and its health checks
 * come from its subnets.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
 */
export function ingressNeeds(loadBalancer: LoadBalancer, surroundings: Surroundings): Need[] {
  const { groupIds, backends } = loadBalancer;
  if (groupIds.length === 0) return needsWithoutGroup(backends, surroundings);
  const anyOf = groupIds.map((id): Peer => ({ kind: "group", id, isGone: false }));
  const ways = distinct(
    backends.map((backend) => ({ ...backend, isHealthCheck: false, keepsClientAddress: false })),
  );
  return ways.map(({ protocol, port }) => ({
    protocol,
    port,
    anyOf,
    purpose: isOnlyChecked(backends, port)
      ? "health checks of the load balancer"
      : "requests of the load balancer",
  }));
}

function isOnlyChecked(backends: readonly Backend[], port: number): boolean {
  return backends.filter((backend) => backend.port === port).every(({ isHealthCheck }) => isHealthCheck);
}

function needsWithoutGroup(backends: readonly Backend[], surroundings: Surroundings): Need[] {
  const fromClients = backends
    .filter(({ keepsClientAddress }) => keepsClientAddress)
    .flatMap(({ protocol, port }) =>
      clientPeers(surroundings, protocol, port).map((peer) => ({
        protocol,
        port,
        anyOf: [peer],
        purpose: "clients, whose address the load balancer keeps",
      })),
    );
  const subnets = surroundings.subnetRanges.map(rangePeer);
  const fromSubnets = backends
    .filter(({ keepsClientAddress }) => !keepsClientAddress)
    .flatMap(({ protocol, port, isHealthCheck }) =>
      subnets.map((peer) => ({
        protocol,
        port,
        anyOf: [peer],
        purpose: `${isHealthCheck ? "health checks" : "requests"} of the load balancer, which has no group: its subnet`,
      })),
    );
  const isNew = (need: Need) =>
    !fromClients.some(
      ({ protocol, port, anyOf: [client] }) =>
        protocol === need.protocol &&
        port === need.port &&
        client !== undefined &&
        need.anyOf.every((peer) => isWithin(peer, client)),
    );
  return once([...fromClients, ...fromSubnets.filter(isNew)]);
}

/** Who may connect stays who may connect: only the ports are narrowed. */
function clientPeers({ clients, rules }: Surroundings, protocol: string, port: number): Peer[] {
  if (clients !== undefined) return clients.map(rangePeer);
  return rules
    .filter((rule) => rule.direction === "ingress" && coversPort(rule, port, protocol))
    .filter((rule) => rule.peer.kind !== "group" && whyHarmless(rule) === undefined)
    .map(({ peer }) => peer);
}

/** Returns an address range as the other side of a rule. */
export function rangePeer(range: string): Peer {
  return { kind: range.includes(":") ? "ipv6" : "ipv4", range };
}

function once(needs: readonly Need[]): Need[] {
  const key = ({ protocol, port, anyOf }: Need) => JSON.stringify([protocol, port, anyOf]);
  // The first of those that are alike, which says more.
  return [...new Map(needs.toReversed().map((need) => [key(need), need])).values()].reverse();
}
