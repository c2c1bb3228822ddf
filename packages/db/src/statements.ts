import { DbError } from "./errors.ts";
import type { RawResult, Session, StatementOptions, WriteResult } from "./session/session.ts";
import type { Sql } from "./sql.ts";
import { isSql } from "./sql.ts";

/** A row: column names and values. Dates are `Date`, bytes are `Buffer`, DECIMAL and integers above 2^53 strings. */
export type Row = Record<string, unknown>;

/** What one call may take. */
export interface CallOptions {
  /** Gives the call up; a statement that runs is killed. */
  signal?: AbortSignal;
  /** Longest wait for a connection; absent: `limits.acquireMs`. */
  acquireMs?: number;
  /** Longest run of the statement; absent: `limits.statementMs`. */
  statementMs?: number;
  /** True when running the statement twice does no harm; absent: true for SELECT, SHOW, DESCRIBE and EXPLAIN. */
  repeatable?: boolean;
}

const READ = /^\s*(select|show|describe|explain)\b/i;

/** Runs a statement on a session under the options of the call. */
export function runOn(
  session: Session,
  sql: Sql,
  defaultMs: number,
  options: CallOptions,
): Promise<RawResult> {
  const statement: StatementOptions = {
    deadlineMs: options.statementMs ?? defaultMs,
    signal: options.signal,
    repeatable: options.repeatable ?? READ.test(sql.text),
  };
  return session.execute(sql, statement);
}

/** Refuses anything but the `sql` tag's work: a string could hold values that were pasted in. */
export function requireSql(value: unknown): asserts value is Sql {
  if (isSql(value)) return;
  throw new DbError("DB_OPTIONS_INVALID", "a statement must be written with the sql tag: sql`...`");
}

/** Returns the rows of a result; a write has none. */
export function rowsOf<R extends Row>(result: RawResult): R[] {
  return Array.isArray(result) ? (result as R[]) : [];
}

/** Returns the counts of a result; a read has none. */
export function countsOf(result: RawResult): WriteResult {
  return Array.isArray(result)
    ? { affectedRows: 0, insertId: 0 }
    : { affectedRows: result.affectedRows, insertId: result.insertId };
}
