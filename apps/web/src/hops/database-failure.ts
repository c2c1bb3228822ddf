import type { DbErrorCode } from "@sealed/db";

/** Sentences for the failures that a person can act on. */
const EXPLANATIONS: Partial<Record<DbErrorCode, string>> = {
  DB_ABORTED: "The database did not answer in time.",
  DB_ACCESS_DENIED: "The database refused the app's login.",
  DB_CONNECTION_LOST: "The connection to the database broke.",
  DB_CONNECTION_REFUSED: "Nothing listens at the database's address.",
  DB_CREDENTIALS_UNAVAILABLE: "The app has no credentials to log in to the database with.",
  DB_POOL_OVERLOADED: "Too many requests wait for a database connection.",
  DB_POOL_TIMEOUT: "No database connection became free in time.",
  DB_SHUTTING_DOWN: "This instance is shutting down and opens no more database connections.",
  DB_STATEMENT_TIMEOUT: "The database did not answer in time.",
  DB_TLS_UNAVAILABLE: "The app refused the database: it offers no TLS.",
  DB_TOO_MANY_CONNECTIONS: "The database has no connection left to give.",
  DB_UNKNOWN_DATABASE: "The server has no database of this name.",
  DB_UNREACHABLE: "The database cannot be reached.",
  DB_UNTRUSTED_CERTIFICATE:
    "The app refused the database: its certificate is not from a pinned root, or not for this host name.",
};

/** Codes with which the app itself turned away, because the hop would not have been sealed. */
const REFUSALS: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_TLS_UNAVAILABLE",
  "DB_UNTRUSTED_CERTIFICATE",
]);

/** Returns a sentence that says why the database could not be observed, for any code. */
export function explainDatabaseFailure(code: DbErrorCode): string {
  return EXPLANATIONS[code] ?? "The database could not be observed.";
}

/** Tells whether the app refused the database, rather than failing to reach it. */
export function isRefusal(code: DbErrorCode): boolean {
  return REFUSALS.has(code);
}
