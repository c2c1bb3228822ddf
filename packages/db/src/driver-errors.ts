import type { DbErrorCode } from "./errors.ts";
import { DbError } from "./errors.ts";

/**
 * Maps the server's error numbers to codes. Numbers that are not listed are `DB_STATEMENT_FAILED`.
 * Sources: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html and
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
export const SERVER_ERRORS: Readonly<Partial<Record<DbErrorCode, readonly number[]>>> = {
  DB_ACCESS_DENIED: [1044, 1045, 1130, 1251, 1524, 1698, 1862, 3118, 3955, 4151],
  DB_CONNECTION_LOST: [1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031],
  DB_CONSTRAINT: [1048, 1216, 1217, 1451, 1452, 3819, 4025],
  DB_DEADLOCK: [1213],
  DB_DUPLICATE: [1022, 1062, 1169, 1586, 1859],
  DB_HOST_BLOCKED: [1129],
  DB_INVALID_DATA: [1264, 1265, 1292, 1364, 1366, 1406, 1411, 3140],
  DB_LOCK_TIMEOUT: [1205, 3572],
  DB_PERMISSION_DENIED: [1142, 1143, 1227, 1370, 1410],
  DB_READ_ONLY: [1290, 1792, 1836],
  DB_STATEMENT_INVALID: [1052, 1054, 1064, 1136, 1146, 1210, 1295, 1305],
  DB_STATEMENT_KILLED: [1317],
  DB_STATEMENT_TIMEOUT: [1969, 3024],
  DB_TLS_UNAVAILABLE: [3159],
  DB_TOO_MANY_CONNECTIONS: [1040, 1203, 1226],
  DB_UNKNOWN_DATABASE: [1049],
};

/** Maps the codes of the socket and of the driver itself. */
const CLIENT_ERRORS: Readonly<Record<string, DbErrorCode>> = {
  EAI_AGAIN: "DB_UNREACHABLE",
  EADDRNOTAVAIL: "DB_UNREACHABLE",
  ECONNREFUSED: "DB_CONNECTION_REFUSED",
  ECONNRESET: "DB_CONNECTION_LOST",
  EHOSTUNREACH: "DB_UNREACHABLE",
  ENETUNREACH: "DB_UNREACHABLE",
  ENOTFOUND: "DB_UNREACHABLE",
  EPIPE: "DB_CONNECTION_LOST",
  ETIMEDOUT: "DB_UNREACHABLE",
  HANDSHAKE_NO_SSL_SUPPORT: "DB_TLS_UNAVAILABLE",
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: "DB_ACCESS_DENIED",
  PROTOCOL_CONNECTION_LOST: "DB_CONNECTION_LOST",
};

const CODE_OF_ERRNO: ReadonlyMap<number, DbErrorCode> = new Map(
  Object.entries(SERVER_ERRORS).flatMap(([code, numbers]) =>
    numbers.map((errno) => [errno, code as DbErrorCode] as const),
  ),
);

/** The parts of a driver error that this package reads. */
export interface DriverError extends Error {
  code?: string | undefined;
  errno?: number | undefined;
  sqlState?: string | undefined;
  fatal?: boolean | undefined;
}

/** Returns the code for an error of the server, the socket or the driver. Total: never throws. */
export function codeOf(error: DriverError): DbErrorCode {
  // Sockets carry negative errno values; those of the server are positive.
  if (typeof error.errno === "number" && error.errno > 0) {
    return CODE_OF_ERRNO.get(error.errno) ?? "DB_STATEMENT_FAILED";
  }
  if (error.code !== undefined && Object.hasOwn(CLIENT_ERRORS, error.code)) {
    return CLIENT_ERRORS[error.code] as DbErrorCode;
  }
  return error.fatal === true ? "DB_CONNECTION_LOST" : "DB_PROTOCOL";
}

/** Codes of sockets that never came about; on one that did, the same failure may follow a statement that was sent. */
const NEVER_CONNECTED: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_CONNECTION_REFUSED",
  "DB_UNREACHABLE",
]);

/** Returns the code for an error that ended a statement: a socket that fails then was connected, and is lost. */
function codeOfStatement(error: DriverError): DbErrorCode {
  const code = codeOf(error);
  return NEVER_CONNECTED.has(code) ? "DB_CONNECTION_LOST" : code;
}

/** What the error stands in, for its message and for `retryable`. */
export interface StatementContext {
  /** True when running the statement twice does no harm. */
  repeatable: boolean;
  /** True when the server's own text may quote a secret. */
  hideDetail?: boolean;
}

const MEANING: Readonly<Partial<Record<DbErrorCode, string>>> = {
  DB_ACCESS_DENIED: "the database user may not do this",
  DB_CONNECTION_LOST:
    "the connection was lost while a statement ran; a write may or may not have been applied",
  DB_CONSTRAINT: "the statement breaks a constraint of the schema",
  DB_DEADLOCK: "the server chose this transaction to end a deadlock; run the transaction again",
  DB_DUPLICATE: "a row with the same unique key exists",
  DB_INVALID_DATA: "a value does not fit its column",
  DB_LOCK_TIMEOUT: "another transaction holds a lock that this statement needs",
  DB_PERMISSION_DENIED: "the database user lacks a privilege that this statement needs",
  DB_READ_ONLY: "the server is read-only; it may be a standby that has not been promoted yet",
  DB_STATEMENT_INVALID: "the statement does not fit the schema or is not valid SQL",
  DB_STATEMENT_KILLED: "the statement was killed on the server",
  DB_STATEMENT_TIMEOUT: "the server stopped the statement at its own time limit",
};

/**
 * Turns what the driver reports for a statement into a `DbError`.
 *
 * The message names the kind and the number, not the server's text: that text quotes values of rows.
 * The text stays in `cause`, which is rebuilt so that the statement and its values are not in it.
 */
export function statementError(error: DriverError, context: StatementContext): DbError {
  const code = codeOfStatement(error);
  const meaning = MEANING[code] ?? "the statement failed";
  const number = typeof error.errno === "number" && error.errno > 0 ? error.errno : undefined;
  const lost =
    code === "DB_CONNECTION_LOST" || code === "DB_STATEMENT_TIMEOUT" || code === "DB_STATEMENT_KILLED";
  return new DbError(code, number === undefined ? meaning : `${meaning} (${error.code ?? "ER"}, ${number})`, {
    cause: causeOf(error, context.hideDetail === true),
    errno: number,
    sqlState: error.sqlState,
    ...(lost ? { retryable: context.repeatable } : {}),
  });
}

/** Copies an error without the properties in which the driver keeps the statement. */
export function causeOf(error: DriverError, hideDetail = false): Error {
  const copy = new Error(hideDetail ? `${error.code ?? "error"} (detail withheld)` : error.message);
  copy.name = error.name;
  if (!hideDetail && error.stack !== undefined) copy.stack = error.stack;
  return copy;
}
