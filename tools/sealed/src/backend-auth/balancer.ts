import {
  DescribeLoadBalancerPoliciesCommand,
  type ElasticLoadBalancingClient,
  type Listener,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import { SealedError } from "../errors.ts";
import { describeClassic } from "../load-balancers/classic.ts";
import { type Policy, toPolicy } from "./policy.ts";

/** A classic load balancer with the policies that have to do with keys. */
export interface Balancer {
  name: string;
  listeners: readonly Listener[];
  policies: readonly Policy[];
  /** Names of all policies on an instance port, also of those that have nothing to do with keys. */
  onPort: ReadonlyMap<number, readonly string[]>;
}

/**
 * Returns a classic load balancer as it is now.
 *
 * @throws SealedError SEALED_LOAD_BALANCER_MISSING
 */
export async function readBalancer(client: ElasticLoadBalancingClient, name: string): Promise<Balancer> {
  const described = await describeClassic(client, name);
  if (described === undefined) {
    throw new SealedError(
      "SEALED_LOAD_BALANCER_MISSING",
      `there is no classic load balancer ${name}: no other kind can pin a key, name one with --load-balancer`,
    );
  }
  const { PolicyDescriptions = [] } = await client.send(
    new DescribeLoadBalancerPoliciesCommand({ LoadBalancerName: name }),
  );
  return {
    name,
    listeners: (described.ListenerDescriptions ?? []).flatMap(({ Listener }) => Listener ?? []),
    policies: PolicyDescriptions.flatMap((description) => toPolicy(description) ?? []),
    onPort: policiesByPort(described),
  };
}

function policiesByPort({ BackendServerDescriptions = [] }: LoadBalancerDescription) {
  return new Map(
    BackendServerDescriptions.map(
      ({ InstancePort = 0, PolicyNames = [] }) => [InstancePort, PolicyNames] as const,
    ),
  );
}

/** Returns the policies on a port that authenticate what listens there. */
export function authOn({ policies, onPort }: Balancer, port: number): Policy[] {
  const names = onPort.get(port) ?? [];
  return policies.filter(({ kind, name }) => kind === "auth" && names.includes(name));
}

/**
 * Returns the instance ports of all listeners, after checking that the named one is among them.
 *
 * @throws SealedError SEALED_BACKEND_AUTH_REFUSED
 */
export function instancePorts(
  { name, listeners }: Pick<Balancer, "name" | "listeners">,
  asked: number | undefined,
): number[] {
  const ports = [...new Set(listeners.flatMap(({ InstancePort }) => InstancePort ?? []))];
  if (asked === undefined || ports.includes(asked)) return ports;
  throw refused(
    `no listener of load balancer ${name} uses instance port ${asked}, so a policy there would do nothing: ` +
      `its listeners use ${ports.join(", ")}`,
  );
}

/**
 * Returns the instance port that is meant: the named one, or the only one that is spoken to over TLS.
 *
 * @throws SealedError SEALED_BACKEND_AUTH_REFUSED
 */
export function instancePort({ name, listeners }: Balancer, asked: number | undefined): number {
  const ports = instancePorts({ name, listeners }, asked);
  const encrypted = ports.filter((port) =>
    listeners.some((one) => one.InstancePort === port && isEncrypted(one)),
  );
  const port = asked ?? encrypted[0];
  if (port === undefined || (asked === undefined && encrypted.length > 1)) {
    throw refused(
      port === undefined
        ? `no listener of load balancer ${name} speaks HTTPS or SSL to its instances: there is no key to pin`
        : `load balancer ${name} speaks TLS to ports ${encrypted.join(", ")}: name one with --port`,
    );
  }
  const plain = listeners.find((one) => one.InstancePort === port && !isEncrypted(one));
  if (plain === undefined) return port;
  throw refused(
    `the listener on ${plain.LoadBalancerPort} of load balancer ${name} speaks ${plain.InstanceProtocol ?? plain.Protocol} ` +
      `to instance port ${port}: only HTTPS and SSL show a key`,
  );
}

function isEncrypted({ InstanceProtocol, Protocol }: Listener): boolean {
  return /^(HTTPS|SSL)$/i.test(InstanceProtocol ?? Protocol ?? "");
}

function refused(message: string): SealedError {
  return new SealedError("SEALED_BACKEND_AUTH_REFUSED", message);
}
