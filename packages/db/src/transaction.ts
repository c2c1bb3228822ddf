import { backoffMs } from "./auth/refresh-schedule.ts";
import type { Clock } from "./clock.ts";
import { DbError } from "./errors.ts";
import type { EventSink } from "./events.ts";
import type { AcquireOptions } from "./pool/pool-options.ts";
import type { RawResult, Session, WriteResult } from "./session/session.ts";
import type { Sql } from "./sql.ts";
import type { CallOptions, Row } from "./statements.ts";
import { countsOf, requireSql, rowsOf, runOn } from "./statements.ts";

/** A transaction under way; of no use once the function it was given to has returned. */
export interface Tx {
  query<R extends Row = Row>(sql: Sql, options?: Pick<CallOptions, "statementMs">): Promise<R[]>;
  execute(sql: Sql, options?: Pick<CallOptions, "statementMs">): Promise<WriteResult>;
}

/** What a transaction may take. */
export interface TxOptions extends Omit<CallOptions, "repeatable"> {
  /** Runs the whole function again, up to 3 times in all, when the server ends it for a deadlock or a lock wait. */
  retry?: "deadlock";
}

/** What transactions run on. */
export interface TransactionContext {
  acquire(options: AcquireOptions): Promise<Session>;
  release(session: Session): void;
  statementMs: number;
  clock: Clock;
  random: () => number;
  emit: EventSink;
}

const MOST_ATTEMPTS = 3;
const RETRY_BASE_MS = 20;
const RETRY_CAP_MS = 200;

/** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
export async function runTransaction<T>(
  context: TransactionContext,
  work: (tx: Tx) => Promise<T>,
  options: TxOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(context, work, options);
    } catch (error) {
      if (options.retry !== "deadlock" || attempt >= MOST_ATTEMPTS || !isLockFailure(error)) throw error;
      const waitMs = backoffMs(attempt, RETRY_BASE_MS, RETRY_CAP_MS, context.random());
      await new Promise<void>((resolve) => context.clock.after(waitMs, resolve));
    }
  }
}

async function attemptOnce<T>(
  context: TransactionContext,
  work: (tx: Tx) => Promise<T>,
  options: TxOptions,
): Promise<T> {
  const { signal } = options;
  const session = await context.acquire(options);
  const control = { deadlineMs: options.statementMs ?? context.statementMs, signal, repeatable: true };
  const tx = new OpenTransaction(session, context.statementMs, options);
  try {
    await session.command("START TRANSACTION", [], control);
    const value = await work(tx);
    tx.close();
    await tx.idle();
    await commit(session, tx, control.deadlineMs, context.emit);
    return value;
  } catch (error) {
    tx.close();
    await rollBack(session, control.deadlineMs);
    throw error;
  } finally {
    context.release(session);
  }
}

/** Commits, unless the server has ended the transaction already. */
async function commit(
  session: Session,
  tx: OpenTransaction,
  deadlineMs: number,
  emit: EventSink,
): Promise<void> {
  // After a deadlock the server has undone all before it: committing would keep only what came after.
  if (tx.endedBy !== undefined) throw tx.endedBy;
  const wasUsable = session.isUsable;
  try {
    // Never given up by the caller's signal: an answer, once asked for, is worth waiting for.
    await session.command("COMMIT", [], { deadlineMs, repeatable: false });
  } catch (error) {
    if (!wasUsable || session.isUsable) throw error;
    emit({ type: "transaction.commit_unknown", threadId: session.threadId });
    throw new DbError(
      "DB_COMMIT_UNKNOWN",
      "the connection was lost after COMMIT was sent: the transaction may or may not have been applied; " +
        "look for its effect before repeating it",
      { cause: error, retryable: false },
    );
  }
}

async function rollBack(session: Session, deadlineMs: number): Promise<void> {
  if (!session.isUsable) return;
  try {
    await session.command("ROLLBACK", [], { deadlineMs, repeatable: true });
  } catch {
    // The server rolls back when the connection ends; the next borrower must never find it open.
    session.destroy();
  }
}

class OpenTransaction implements Tx {
  readonly #session: Session;
  readonly #statementMs: number;
  readonly #options: TxOptions;
  #isOpen = true;
  readonly #running = new Set<Promise<unknown>>();
  /** The error with which the server has ended the transaction, even if the caller caught it. */
  endedBy: DbError | undefined;

  constructor(session: Session, statementMs: number, options: TxOptions) {
    this.#session = session;
    this.#statementMs = options.statementMs ?? statementMs;
    this.#options = options;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Resolves when no statement runs: what one that nobody waits for comes to decides about COMMIT as well. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async query<R extends Row = Row>(sql: Sql, options: Pick<CallOptions, "statementMs"> = {}): Promise<R[]> {
    return rowsOf<R>(await this.#run(sql, options));
  }

  async execute(sql: Sql, options: Pick<CallOptions, "statementMs"> = {}): Promise<WriteResult> {
    return countsOf(await this.#run(sql, options));
  }

  async #run(sql: Sql, options: Pick<CallOptions, "statementMs">): Promise<RawResult> {
    const outcome = this.#send(sql, options);
    this.#running.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#running.delete(outcome);
    }
  }

  async #send(sql: Sql, options: Pick<CallOptions, "statementMs">): Promise<RawResult> {
    requireSql(sql);
    if (!this.#isOpen) {
      throw new DbError(
        "DB_TRANSACTION_CLOSED",
        "the transaction has ended; await every statement within its function",
      );
    }
    if (this.endedBy !== undefined) throw this.endedBy;
    const { signal } = this.#options;
    try {
      // Nothing within a transaction may be repeated alone.
      const call = { ...options, repeatable: false, ...(signal === undefined ? {} : { signal }) };
      return await runOn(this.#session, sql, this.#statementMs, call);
    } catch (error) {
      const { code } = error as DbError;
      if (code === "DB_DEADLOCK" || !this.#session.isUsable) this.endedBy = error as DbError;
      throw error;
    }
  }
}

function isLockFailure(error: unknown): boolean {
  return error instanceof DbError && (error.code === "DB_DEADLOCK" || error.code === "DB_LOCK_TIMEOUT");
}
