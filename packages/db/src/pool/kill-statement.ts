import type { Clock } from "../clock.ts";
import type { DbError } from "../errors.ts";
import type { Session } from "../session/session.ts";
import type { AcquireOptions } from "./pool-options.ts";

/** Who lends the session that the kill is sent on. */
export interface Lender {
  acquire(options: AcquireOptions): Promise<Session>;
  release(session: Session): void;
}

/** ER_NO_SUCH_THREAD: it has ended by itself. */
const NO_SUCH_THREAD = 1094;

/**
 * Ends on the server what a destroyed session was running; returns whether it is known to have ended.
 *
 * A server notices a closed socket only when it writes to it, so a long statement would run on. After a restart
 * of the server its connection numbers begin anew: then nothing is killed, since the number may be another's.
 */
export async function killStatement(
  lender: Lender,
  abandoned: Pick<Session, "threadId" | "address" | "openedAtMs">,
  clock: Clock,
  deadlineMs: number,
): Promise<boolean> {
  const options = { deadlineMs, repeatable: true };
  try {
    const session = await lender.acquire({ acquireMs: deadlineMs, urgent: true });
    try {
      // Now, not when it was given up: the server may have restarted while this session was waited for.
      const ageMs = clock.elapsedMs() - abandoned.openedAtMs;
      const rows = (await session.command("SHOW GLOBAL STATUS LIKE 'Uptime'", [], options)) as {
        Value?: string;
      }[];
      const isSameServer =
        session.address === abandoned.address && Number(rows[0]?.Value) * 1_000 + 1_000 >= ageMs;
      if (!isSameServer) return false;
      await session.command(`KILL ${Number(abandoned.threadId)}`, [], options);
      return true;
    } finally {
      lender.release(session);
    }
  } catch (error) {
    // Best effort: the server ends it at the next write to its closed socket.
    return (error as DbError).errno === NO_SUCH_THREAD;
  }
}
