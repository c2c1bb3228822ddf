/** The paths that a request can take; `single-instance` has no load balancer at all. */
export type Topology =
  | "alb-reencrypt"
  | "clb-backend-auth"
  | "nlb-passthrough"
  | "single-instance"
  | "alb-terminate";

/** The topologies that have a load balancer. */
export type BalancedTopology = Exclude<Topology, "single-instance">;

/**
 * Whose an idle connection to an instance is: `shared` lets any client's next request use it, and HAProxy closes it
 * when it has had no need of it for about the idle timeout; `per-client` keeps it for one client, and it ends with
 * that client's connection, at the idle timeout to the millisecond.
 */
export type InstanceConnections = "shared" | "per-client";

/** One application instance as the load balancer sees it. */
export interface BalancerInstance {
  /** Letters, digits, "-" and "_". */
  name: string;
  host: string;
  port: number;
}

/** What the HAProxy at hand can do; older ones are what a machine's own suite has. */
export interface BalancerFeatures {
  /** OpenSSL 3.5 or newer: the group X25519MLKEM768. */
  postQuantum: boolean;
  /** HAProxy 3.0 or newer: `curves` on the way to an instance. */
  serverCurves: boolean;
  /** HAProxy 3.1 or newer: an instance counts as unhealthy until its first good check. */
  initState: boolean;
}

/** Everything that decides the text of one HAProxy configuration. */
export interface BalancerSettings {
  topology: BalancedTopology;
  port: number;
  instances: readonly BalancerInstance[];
  idleTimeoutMs: number;
  instanceConnections: InstanceConnections;
  features: BalancerFeatures;
  files: BalancerFiles;
}

/** The files that a configuration names. */
export interface BalancerFiles {
  statsSocket: string;
  /** Certificate and key of the front; not used with `nlb-passthrough`. */
  certificate: string;
  /** The certificates of the instances that may be talked to; used with `clb-backend-auth` only. */
  pinned: string;
  /** The whole answer for an instance that cannot be reached. */
  unreachable: string;
  /** The whole answer when no instance is registered. */
  noneRegistered: string;
}
