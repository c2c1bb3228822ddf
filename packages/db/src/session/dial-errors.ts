import type { Connection } from "mysql2";
import type { DriverError } from "../driver-errors.ts";
import { causeOf, codeOf } from "../driver-errors.ts";
import type { DbErrorCode } from "../errors.ts";
import { DbError } from "../errors.ts";
import type { TrustAnchors } from "../trust/anchors.ts";
import { socketOf } from "./mysql-session.ts";
import type { Look } from "./presented-certificate.ts";

/** The login that failed. */
export interface FailedLogin {
  host: string;
  port: number;
  user: string;
  database: string | undefined;
  trust: TrustAnchors;
  look: Look;
}

/** Turns what ended a login into a `DbError` whose message says what to check. */
export async function dialError(
  error: unknown,
  connection: Connection,
  login: FailedLogin,
): Promise<DbError> {
  if (error instanceof DbError) return error;
  const driverError = error as DriverError & { reason?: string };
  if (driverError.code === "HANDSHAKE_SSL_ERROR") return tlsError(driverError, connection, login);
  const code = codeOf(driverError);
  const errno = (driverError.errno ?? 0) > 0 ? driverError.errno : undefined;
  const message =
    MESSAGES[code]?.(login) ?? `logging in to ${place(login)} failed (${driverError.code ?? "no code"})`;
  return new DbError(code === "DB_STATEMENT_FAILED" ? "DB_PROTOCOL" : code, message, {
    cause: causeOf(driverError),
    errno,
    sqlState: driverError.sqlState,
    // Nothing but the login was under way, so trying again does no harm.
    ...(code === "DB_CONNECTION_LOST" ? { retryable: true } : {}),
  });
}

const MESSAGES: Partial<Record<DbErrorCode, (login: FailedLogin) => string>> = {
  DB_ACCESS_DENIED: (login) =>
    `${place(login)} refused the login of user "${login.user}"; check that the role may do rds-db:connect on this ` +
    "DbiResourceId and user, that IAM authentication is on, that the user is IDENTIFIED WITH " +
    "AWSAuthenticationPlugin, that host and port are the instance's own (no alias), that the machine's clock is " +
    "right to within 5 minutes, and that the user may use the schema",
  DB_CONNECTION_LOST: (login) => `${place(login)} closed the connection during the login`,
  DB_CONNECTION_REFUSED: (login) => `nothing listens at ${place(login)}`,
  DB_HOST_BLOCKED: (login) =>
    `${place(login)} blocks this host after too many failed logins; run FLUSH HOSTS there`,
  DB_TLS_UNAVAILABLE: (login) => `${place(login)} does not offer TLS; nothing is sent without it`,
  DB_TOO_MANY_CONNECTIONS: (login) =>
    `${place(login)} has reached its limit of connections; lower limits.connections or raise max_connections`,
  DB_UNKNOWN_DATABASE: (login) => `there is no database "${login.database}" at ${place(login)}`,
  DB_UNREACHABLE: (login) =>
    `${place(login)} cannot be reached; check its name, the security groups and that it is running`,
};

async function tlsError(
  error: DriverError & { reason?: string },
  connection: Connection,
  login: FailedLogin,
): Promise<DbError> {
  const refused = socketOf(connection).authorizationError as unknown;
  const cause = causeOf(error);
  if (!refused && error.reason === undefined) {
    return /disconnected|ECONNRESET|EPIPE|socket hang up/.test(error.message)
      ? new DbError("DB_CONNECTION_LOST", `${place(login)} closed the connection during the TLS handshake`, {
          cause,
          retryable: true,
        })
      : new DbError("DB_TLS_UNAVAILABLE", `no TLS connection with ${place(login)}: ${error.message}`, {
          cause,
        });
  }
  const why = typeof refused === "string" ? refused : "ERR_TLS_CERT_ALTNAME_INVALID";
  const trusted = login.trust.roots.map((root) => root.subject).join('", "');
  return new DbError(
    "DB_UNTRUSTED_CERTIFICATE",
    `the certificate of ${place(login)} is not trusted (${why}): ${await login.look()}; trusted (${login.trust.name}) are ` +
      `"${trusted}"; for RDS refresh the pinned roots with: npm run trust:refresh -w packages/db`,
    { cause },
  );
}

function place(login: FailedLogin): string {
  return `${login.host}:${login.port}`;
}
