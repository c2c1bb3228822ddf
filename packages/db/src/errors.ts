/** Lists every code a `DbError` can carry; each has a row in docs/reference/errors.md. */
export const DB_ERROR_CODES = [
  "DB_ABORTED",
  "DB_ACCESS_DENIED",
  "DB_COMMIT_UNKNOWN",
  "DB_CONNECTION_LOST",
  "DB_CONNECTION_REFUSED",
  "DB_CONSTRAINT",
  "DB_CREDENTIALS_UNAVAILABLE",
  "DB_DEADLOCK",
  "DB_DUPLICATE",
  "DB_HOST_BLOCKED",
  "DB_INVALID_DATA",
  "DB_LOCK_TIMEOUT",
  "DB_MIGRATION_CHANGED",
  "DB_MIGRATION_FAILED",
  "DB_MIGRATION_INVALID",
  "DB_MIGRATION_LOCKED",
  "DB_OPTIONS_INVALID",
  "DB_PERMISSION_DENIED",
  "DB_POOL_OVERLOADED",
  "DB_POOL_TIMEOUT",
  "DB_PROTOCOL",
  "DB_READ_ONLY",
  "DB_SHUTTING_DOWN",
  "DB_STATEMENT_FAILED",
  "DB_STATEMENT_INVALID",
  "DB_STATEMENT_KILLED",
  "DB_STATEMENT_TIMEOUT",
  "DB_TLS_UNAVAILABLE",
  "DB_TOO_MANY_CONNECTIONS",
  "DB_TRANSACTION_CLOSED",
  "DB_TRUST_INVALID",
  "DB_UNKNOWN_DATABASE",
  "DB_UNREACHABLE",
  "DB_UNTRUSTED_CERTIFICATE",
  "DB_USERS_NOT_AS_PLANNED",
] as const;

/** Reasons a `DbError` can carry. */
export type DbErrorCode = (typeof DB_ERROR_CODES)[number];

/** Codes after which the same call may succeed without any change, and cannot have been applied before. */
const RETRYABLE: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_CONNECTION_REFUSED",
  "DB_CREDENTIALS_UNAVAILABLE",
  "DB_DEADLOCK",
  "DB_LOCK_TIMEOUT",
  "DB_POOL_OVERLOADED",
  "DB_POOL_TIMEOUT",
  "DB_READ_ONLY",
  "DB_TOO_MANY_CONNECTIONS",
  "DB_UNREACHABLE",
]);

/** What a `DbError` carries beside its code and message. */
export interface DbErrorOptions extends ErrorOptions {
  /** Overrides the code's own answer: a lost read may be repeated, a lost write may have been applied. */
  retryable?: boolean;
  /** Number of the server's error, where the server answered. */
  errno?: number | undefined;
  /** SQLSTATE of the server's error, where the server answered. */
  sqlState?: string | undefined;
}

/** Base class of every error this package throws. Branch on `code`, never on `message`. */
export class DbError extends Error {
  override readonly name = "DbError";
  readonly code: DbErrorCode;
  /** True when repeating the call is safe and may help. */
  readonly retryable: boolean;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;

  constructor(code: DbErrorCode, message: string, options: DbErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.errno = options.errno;
    this.sqlState = options.sqlState;
  }
}

/** Returns `error` when it is a `DbError`, else wraps it under `code`. */
export function asDbError(error: unknown, code: DbErrorCode, message: string): DbError {
  return error instanceof DbError ? error : new DbError(code, message, { cause: error });
}
