/** A way by which a load balancer reaches what is behind it. */
export interface Backend {
  protocol: "tcp" | "udp";
  port: number;
  /** Checks come from the load balancer itself, whatever requests do. */
  isHealthCheck: boolean;
  /** The instance sees the client's address in place of the load balancer's. */
  keepsClientAddress: boolean;
}

/** A load balancer of any kind, as far as it matters to security groups. */
export interface LoadBalancer {
  kind: "application" | "network" | "classic";
  name: string;
  vpcId: string;
  /** None: a Network Load Balancer that was made without. */
  groupIds: readonly string[];
  subnetIds: readonly string[];
  /** It has IPv6 addresses, by which it reaches IPv6 targets. */
  usesIpv6: boolean;
  /** Instance ids, or addresses. */
  targets: readonly string[];
  backends: readonly Backend[];
}

/** Returns the backends, each once. */
export function distinct(backends: readonly Backend[]): Backend[] {
  return [...new Map(backends.map((backend) => [JSON.stringify(backend), backend])).values()];
}
