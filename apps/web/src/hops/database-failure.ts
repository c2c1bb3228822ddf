/** Sentences for the failures that an operator can act on; keys are codes of `DbError`. */
const EXPLANATIONS = new Map<string, string>([
  [
    "DB_UNTRUSTED_CERTIFICATE",
    "The app refused the database: its certificate is not from a pinned root, or not for this host name.",
  ],
  ["DB_UNREACHABLE", "The database cannot be reached."],
  ["DB_CONNECTION_REFUSED", "Nothing listens at the database's address."],
  ["DB_CONNECTION_LOST", "The connection to the database broke."],
  ["DB_ACCESS_DENIED", "The database refused the app's login."],
  ["DB_CREDENTIALS_UNAVAILABLE", "The app has no credentials to log in to the database with."],
  ["DB_POOL_TIMEOUT", "No database connection became free in time."],
  ["DB_POOL_OVERLOADED", "Too many requests wait for a database connection."],
  ["DB_STATEMENT_TIMEOUT", "The database did not answer in time."],
  ["DB_SHUTTING_DOWN", "This instance is shutting down and opens no more database connections."],
]);

/** Returns a sentence that says why the database could not be observed, for any code. */
export function explainDatabaseFailure(code: string): string {
  return EXPLANATIONS.get(code) ?? "The database could not be observed.";
}
