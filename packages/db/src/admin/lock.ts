import { createHash } from "node:crypto";
import { DbError } from "../errors.ts";
import type { AdminSession } from "./admin-session.ts";
import type { AdminSink, LockPurpose } from "./events.ts";

/** Which lock, and how long to wait for it. */
export interface LockOptions {
  purpose: LockPurpose;
  database: string;
  waitMs: number;
  on: AdminSink;
}

/** Wait for another program that does the same work. */
export const DEFAULT_LOCK_WAIT_MS = 120_000;
const ANSWER_MS = 10_000;

/**
 * Runs `work` while holding the schema's lock for `purpose`; another program waits for its turn.
 *
 * The lock belongs to the session: the server frees it when the program dies.
 * @throws DbError `DB_MIGRATION_LOCKED` when the lock does not come free in time.
 */
export async function withLock<T>(
  session: AdminSession,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const name = lockName(options);
  if (!(await take(session, name, 0))) {
    options.on({ type: "lock.waiting", purpose: options.purpose });
    if (!(await take(session, name, Math.ceil(options.waitMs / 1_000)))) {
      throw new DbError(
        "DB_MIGRATION_LOCKED",
        `another program has been preparing the ${options.purpose} of "${options.database}" for ${options.waitMs} ms`,
        { retryable: true },
      );
    }
  }
  try {
    return await work();
  } finally {
    // A session that was lost meanwhile has lost the lock, too; what is told is how the work ended.
    await session.run("SELECT RELEASE_LOCK(?)", [name]).catch(() => undefined);
  }
}

async function take(session: AdminSession, name: string, seconds: number): Promise<boolean> {
  const deadlineMs = seconds * 1_000 + ANSWER_MS;
  const [row] = await session.run<{ taken: number | null }>(
    "SELECT GET_LOCK(?, ?) AS taken",
    [name, seconds],
    { deadlineMs },
  );
  return Number(row?.taken) === 1;
}

/** Returns a name of at most 64 characters: https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html */
function lockName({ purpose, database }: LockOptions): string {
  return `sealed:${purpose}:${createHash("sha256").update(database).digest("hex").slice(0, 32)}`;
}
