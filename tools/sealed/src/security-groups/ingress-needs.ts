import { type Backend, distinct, type LoadBalancer } from "../load-balancers/load-balancer.ts";
import { type Need, onePort } from "./need.ts";
import { coversPort, isWithin, whyHarmless } from "./opening.ts";
import { type Peer, type Rule, rangePeer } from "./rule.ts";
import { isTrafficWithin } from "./traffic.ts";

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
    ...onePort(port, protocol),
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
        ...onePort(port, protocol),
        anyOf: [peer],
        purpose: "clients, whose address the load balancer keeps",
      })),
    );
  const subnets = surroundings.subnetRanges.map(rangePeer);
  const fromSubnets = backends
    .filter(({ keepsClientAddress }) => !keepsClientAddress)
    .flatMap(({ protocol, port, isHealthCheck }) =>
      subnets.map((peer) => ({
        ...onePort(port, protocol),
        anyOf: [peer],
        purpose: `${isHealthCheck ? "health checks" : "requests"} of the load balancer, which has no group: its subnet`,
      })),
    );
  const isNew = (need: Need) =>
    !fromClients.some(
      ({ anyOf: [client], ...traffic }) =>
        isTrafficWithin(need, traffic) &&
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

function once(needs: readonly Need[]): Need[] {
  const key = ({ protocol, fromPort, anyOf }: Need) => JSON.stringify([protocol, fromPort, anyOf]);
  // The first of those that are alike, which says more.
  return [...new Map(needs.toReversed().map((need) => [key(need), need])).values()].reverse();
}
