import { DbError, type DbErrorCode } from "@sealed/db";
import { WebError } from "./errors.ts";

/** When a client should try again: the app is well within 5 s of the database's return. */
const RETRY_AFTER_SECONDS = 5;

/** Codes that blame a statement or the program, not the way to the database: trying again cannot help. */
const PROGRAM_FAULTS: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_CONSTRAINT",
  "DB_DUPLICATE",
  "DB_INVALID_DATA",
  "DB_OPTIONS_INVALID",
  "DB_PERMISSION_DENIED",
  "DB_STATEMENT_FAILED",
  "DB_STATEMENT_INVALID",
  "DB_TRANSACTION_CLOSED",
  "DB_TRUST_INVALID",
]);

/** Codes that a write may carry although the server has done it: only the answer was lost. */
const ANSWER_LOST: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_ABORTED",
  "DB_COMMIT_UNKNOWN",
  "DB_CONNECTION_LOST",
  "DB_STATEMENT_KILLED",
  "DB_STATEMENT_TIMEOUT",
]);

/**
 * Returns the 503 answer to an error that says the database cannot do its work now, or `undefined`
 * for any other error, which is a fault of the program.
 */
export function unavailable(error: unknown): WebError | undefined {
  if (!(error instanceof DbError) || PROGRAM_FAULTS.has(error.code)) return undefined;
  const message = mayHaveBeenSaved(error)
    ? "The connection broke while saving: look whether the change is there before you repeat it."
    : "The database cannot be reached at the moment.";
  return new WebError(503, error.code, message, {
    headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
    cause: error,
  });
}

/** Returns whether nobody knows if a write was done: the database package calls a lost read retryable. */
export function mayHaveBeenSaved(error: unknown): boolean {
  return error instanceof DbError && ANSWER_LOST.has(error.code) && !error.retryable;
}
