import type { DbErrorCode } from "@sealed/db";
import type { Topology } from "../settings.ts";

/** TLS facts of the socket a request came in on; null where the socket does not tell. */
export interface ObservedConnection {
  readonly encrypted: boolean;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly group: string | null;
}

/** What a trusted load balancer said about the client's connection; null for what it left out. */
export interface ForwardedTls {
  readonly proto: string | null;
  readonly tlsVersion: string | null;
  readonly tlsCipher: string | null;
}

/** A certificate as it was met: the app's own or the database's. */
export interface ObservedCertificate {
  readonly subject: string;
  readonly fingerprint256: string;
  readonly notAfter: Date;
}

/** What the app saw on a live database connection. */
export interface ObservedDatabase {
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly group: string | null;
  /** The driver verified chain and host name against the pinned roots. */
  readonly authorized: boolean;
  readonly peer: ObservedCertificate | null;
  readonly user: string;
  readonly requiresSecureTransport: boolean;
  readonly userRequiresTls: boolean;
  readonly tokenAgeMs: number | null;
  readonly serverVersion: string;
}

/** What kept the app from observing the database. */
export interface DatabaseFailure {
  readonly code: DbErrorCode;
}

/** Everything `observeHops` judges. */
export interface HopsInput {
  readonly topology: Topology;
  readonly connection: ObservedConnection;
  /** Null when the request did not come from a trusted load balancer. */
  readonly forwarded: ForwardedTls | null;
  /** Null for a plain listener. */
  readonly serverCertificate: ObservedCertificate | null;
  readonly database: ObservedDatabase | DatabaseFailure;
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly now: number;
}
