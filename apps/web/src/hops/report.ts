import type { DbErrorCode } from "@sealed/db";
import type { Topology } from "../settings.ts";

/** The three hops in the order a request takes them. */
type HopId = "client-lb" | "lb-app" | "app-db";

/** Certificate at the far end of a hop. */
export interface PeerCertificate {
  readonly subject: string;
  readonly fingerprint256: string;
  /** ISO 8601. */
  readonly notAfter: string;
  /** Whole days until `notAfter`, rounded down; negative when it has passed. */
  readonly daysLeft: number;
}

/** Who verifies the peer of a hop, and how the app knows. */
export interface Authentication {
  readonly checkedBy: "app" | "client" | "load balancer" | "nobody";
  /**
   * `observed`: the app made the check itself. `configured`: the topology sets it up, the app cannot watch it
   * happen. `unseen`: only the other side knows. `absent`: there is no such check.
   */
  readonly basis: "observed" | "configured" | "unseen" | "absent";
  /** One or two sentences for a person. */
  readonly explanation: string;
}

/** What was seen on one hop, and what it amounts to. */
export interface Hop {
  readonly id: HopId;
  readonly from: string;
  readonly to: string;
  /** Encrypted as the topology promises. False too when the hop cannot be seen. */
  readonly sealed: boolean;
  /** The peer's certificate is checked, as far as this program can know. */
  readonly authenticated: boolean;
  readonly protocol: string | null;
  readonly cipher: string | null;
  /** Key-exchange group, null when it was not reported. */
  readonly group: string | null;
  readonly peer: PeerCertificate | null;
  /** Who saw `protocol`, `cipher` and `group`. */
  readonly observedBy: "app" | "load balancer" | "nobody";
  readonly authentication: Authentication;
  /** Why the hop is not sealed; empty when it is. */
  readonly problems: readonly string[];
  /** What a reader must know although the hop is sealed. */
  readonly notes: readonly string[];
  /** Everything that stands behind a `false` above, in one line; absent when there is nothing to say. */
  readonly reason?: string;
  /** The hop whose TLS connection this one shares. */
  readonly sameAs?: HopId;
  /** What left nothing to observe. Only on `app-db`. */
  readonly code?: DbErrorCode;
  /** Database account, as the server names it. Only on `app-db`. */
  readonly user?: string;
  /** Age of the IAM token that opened the observed connection; null without IAM. Only on `app-db`. */
  readonly tokenAgeMs?: number | null;
  /** The server refuses plain connections from every account. Only on `app-db`. */
  readonly requiresSecureTransport?: boolean;
  /** The account itself carries `REQUIRE SSL`. Only on `app-db`. */
  readonly userRequiresTls?: boolean;
  /** Only on `app-db`. */
  readonly serverVersion?: string;
}

/** The answer of `GET /hops.json`. */
export interface HopsReport {
  readonly topology: Topology;
  /** `sealed` only when all three hops are. */
  readonly verdict: "sealed" | "open";
  /** The verdict in one sentence; changes only when the verdict or its cause does. */
  readonly summary: string;
  readonly hops: readonly [Hop, Hop, Hop];
  /** Name of the instance that answered. */
  readonly instance: string;
  /** ISO 8601. */
  readonly observedAt: string;
}
