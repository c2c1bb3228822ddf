import { DbError } from "../errors.ts";

/** Returns the error of a caller who gave up before a statement was sent. */
export function abortedError(): DbError {
  return new DbError("DB_ABORTED", "the caller gave up while it waited for a connection");
}

/** Returns the error of a caller who comes too late. */
export function shuttingDown(): DbError {
  return new DbError("DB_SHUTTING_DOWN", "the database is being closed");
}

/** Returns the failure of a login as the error of one caller, with that caller's own stack. */
export function repeated(failure: DbError): DbError {
  const { code, message, retryable, errno, sqlState } = failure;
  return new DbError(code, message, { cause: failure, retryable, errno, sqlState });
}
