import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import type { Auth } from "./auth/credential.ts";
import type { Clock } from "./clock.ts";
import { DbError } from "./errors.ts";
import type { EventSink } from "./events.ts";
import type { Limits } from "./limits.ts";
import type { TrustAnchors } from "./trust/anchors.ts";

/** Where the database is. */
export interface Endpoint {
  /** The instance's own name, as its certificate and its tokens have it; an alias or an address is refused. */
  host: string;
  /** Default 3306. */
  port?: number;
}

/** Everything a `Database` is made from. */
export interface DatabaseOptions {
  endpoint: Endpoint;
  /** Default schema. */
  database: string;
  user: string;
  auth: Auth;
  /** Roots that vouch for the server; there is no way to go without. */
  trust: TrustAnchors;
  limits?: Partial<Limits>;
  on?: EventSink;
  clock?: Clock;
  /** Returns a number from 0 up to, not including, 1. */
  random?: () => number;
  /** Resolves the endpoint's name; absent: the system's resolver. */
  lookup?: LookupFunction;
  /**
   * The first login waits until it resolves, and with it the loading of the driver: for a program that has more
   * urgent work at its start. It must not reject. Absent: at once.
   */
  startAfter?: Promise<void>;
}

/** Port of MySQL where the endpoint names none. */
export const DEFAULT_MYSQL_PORT = 3306;
const HOST_NAME = /^(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*$/;
const RDS_NAME = /\.rds\.amazonaws\.com(\.cn)?$/;

/** Refuses options that could not work or would weaken the connection. @throws DbError `DB_OPTIONS_INVALID`. */
export function checkDatabaseOptions(options: Pick<DatabaseOptions, "endpoint" | "user" | "trust">): void {
  const { host, port = DEFAULT_MYSQL_PORT } = options.endpoint;
  const problems: string[] = [];
  if (isIP(host) !== 0) {
    problems.push(
      `endpoint.host must be the instance's name, not the address ${host}: a certificate names hosts`,
    );
  } else if (!HOST_NAME.test(host)) {
    problems.push(`endpoint.host must be a host name, got "${host}"`);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    problems.push(`endpoint.port must be an integer from 1 to 65535, got ${port}`);
  }
  // 32 characters: https://dev.mysql.com/doc/refman/8.4/en/user-names.html
  if (options.user.length < 1 || options.user.length > 32) {
    problems.push(`user must have 1 to 32 characters, got ${options.user.length}`);
  }
  const { tls } = options.trust;
  if (tls.ca.length === 0 || tls.rejectUnauthorized !== true || tls.verifyIdentity !== true) {
    problems.push("trust must come from rdsTrust or privateTrust, unchanged");
  } else if (tls.minVersion !== "TLSv1.2") {
    problems.push(
      `trust.tls.minVersion must be "TLSv1.2", got "${String(tls.minVersion)}"; leave trust unchanged`,
    );
  }
  if (problems.length > 0) throw new DbError("DB_OPTIONS_INVALID", problems.join("; "));
}

/** Tells whether a name is one RDS gives; another works only where its certificate and tokens carry it too. */
export function isRdsName(host: string): boolean {
  return RDS_NAME.test(host);
}
