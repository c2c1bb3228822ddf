import { lookup as systemLookup } from "node:dns";
import { addressesOf } from "./addresses.ts";
import { systemClock } from "./clock.ts";
import type { DatabaseOptions } from "./database-options.ts";
import { checkDatabaseOptions, DEFAULT_MYSQL_PORT, isRdsName } from "./database-options.ts";
import { guardedSink } from "./events.ts";
import { completeLimits } from "./limits.ts";
import type { ConnectionObservation } from "./observe.ts";
import { observeSession } from "./observe.ts";
import { Pool } from "./pool/pool.ts";
import type { AcquireOptions } from "./pool/pool-options.ts";
import { lateDialer } from "./session/late-dialer.ts";
import type { Session, WriteResult } from "./session/session.ts";
import type { Sql } from "./sql.ts";
import type { CallOptions, Row } from "./statements.ts";
import { countsOf, requireSql, rowsOf, runOn } from "./statements.ts";
import type { DbStats } from "./stats.ts";
import { statistics } from "./stats.ts";
import type { Tx, TxOptions } from "./transaction.ts";
import { runTransaction } from "./transaction.ts";
import { reportExpiringRoots } from "./trust/expiry.ts";

/** A pool of verified TLS connections to one MySQL database. */
export interface Database extends AsyncDisposable {
  /** Runs a prepared statement and returns its rows. */
  query<R extends Row = Row>(sql: Sql, options?: CallOptions): Promise<R[]>;
  /** Runs a prepared statement and returns what it changed. */
  execute(sql: Sql, options?: CallOptions): Promise<WriteResult>;
  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T>;
  /** Resolves when a connection is open and has just answered; for the start and for `/readyz`. */
  ready(options?: { signal?: AbortSignal }): Promise<void>;
  /** Reports what is seen on a live connection. */
  observe(options?: { signal?: AbortSignal }): Promise<ConnectionObservation>;
  stats(): DbStats;
  /**
   * Stops lending, drains for `within` milliseconds (default 10,000), closes the rest and kills what that was
   * running, which takes 2 s at most. Always resolves.
   */
  close(options?: { within?: number }): Promise<void>;
}

const DEFAULT_DRAIN_MS = 10_000;

/**
 * Opens a pool to a MySQL database over verified TLS. Returns at once; `ready` waits for the first connection.
 *
 * @throws DbError `DB_OPTIONS_INVALID` naming everything that is wrong with the options.
 */
export function createDatabase(options: DatabaseOptions): Database {
  checkDatabaseOptions(options);
  const limits = completeLimits(options.limits);
  const { clock = systemClock, random = Math.random, lookup = systemLookup } = options;
  const { host, port = DEFAULT_MYSQL_PORT } = options.endpoint;
  const listener = guardedSink(options.on);
  const stats = statistics(clock);
  const emit = (event: Parameters<typeof listener>[0]): void => {
    stats.count(event);
    listener(event);
  };
  if (!isRdsName(host) && host !== "localhost") emit({ type: "endpoint.unusual", host });
  reportExpiringRoots(options.trust, clock.nowMs(), emit);
  const dial = lateDialer({ ...options, host, port, limits, lookup, clock, emit }, options.startAfter);
  const addresses = () => addressesOf(host, lookup);
  const pool = new Pool({ dial, addresses, limits, clock, random, emit });
  const context = {
    acquire: (request: AcquireOptions) => pool.acquire(request),
    release: (session: Session) => pool.release(session),
    statementMs: limits.statementMs,
    clock,
    random,
    emit,
  };

  const lease = async <T>(work: (session: Session) => Promise<T>, call: CallOptions): Promise<T> => {
    // Most often there is one, and nothing is awaited.
    const session = pool.take() ?? (await pool.acquire(call));
    try {
      return await work(session);
    } finally {
      pool.release(session);
    }
  };
  const run = (sql: Sql, call: CallOptions) => {
    requireSql(sql);
    return lease((session) => runOn(session, sql, limits.statementMs, call), call);
  };
  // A root that is added ends the wait that its absence has caused.
  const reloads = options.trust.onReload(() => pool.retry("DB_UNTRUSTED_CERTIFICATE"));
  const close = ({ within = DEFAULT_DRAIN_MS }: { within?: number } = {}) => {
    reloads[Symbol.dispose]();
    return pool.close(within);
  };

  return {
    query: async <R extends Row>(sql: Sql, call: CallOptions = {}) => rowsOf<R>(await run(sql, call)),
    execute: async (sql, call = {}) => countsOf(await run(sql, call)),
    transaction: (work, call) => runTransaction(context, work, call),
    ready: (call = {}) => lease((session) => session.ping(limits.pingMs), call),
    observe: (call = {}) =>
      lease((session) => observeSession(session, clock, { ...call, deadlineMs: limits.statementMs }), call),
    stats: () => stats.report(pool.counts()),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}
