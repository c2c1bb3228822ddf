import type { DbErrorCode } from "../errors.ts";
import { DbError } from "../errors.ts";
import type { Session } from "../session/session.ts";
import { killStatement, type Lender } from "./kill-statement.ts";
import { LastSession } from "./last-session.ts";
import type { AcquireOptions, PoolOptions } from "./pool-options.ts";

/** Time that a pool that is being closed takes, beyond its drain, to end on the server what it destroyed here. */
const LAST_KILLS_MS = 2_000;

/** Ends on the server what was given up here: over the pool, and over a session of its own once that is closing. */
export class Kills implements Lender {
  readonly #options: PoolOptions;
  readonly #pool: Lender;
  readonly #underWay = new Set<Promise<void>>();
  readonly #last: LastSession;
  /** Sessions of the pool that kills are sent on. */
  readonly #killing = new Set<Session>();
  #lent: Session | undefined;

  constructor(options: PoolOptions, pool: Lender) {
    this.#options = options;
    this.#pool = pool;
    this.#last = new LastSession(options.dial, options.clock, LAST_KILLS_MS);
  }

  /** Starts to end what `session`, which was destroyed, was running; an event tells the outcome. */
  start(session: Session, code: DbErrorCode): void {
    const { clock, emit, limits } = this.#options;
    const { threadId } = session;
    // On a server that answers no kill each would leave another one to be killed.
    if (this.#killing.has(session)) return;
    // Never rejects.
    const told = killStatement(this, session, clock, limits.connectMs).then((killed) => {
      this.#underWay.delete(told);
      emit({ type: "statement.abandoned", threadId, code, killed });
    });
    this.#underWay.add(told);
  }

  async acquire(options: AcquireOptions): Promise<Session> {
    try {
      const session = await this.#pool.acquire(options);
      this.#killing.add(session);
      return session;
    } catch (error) {
      if (!(error instanceof DbError && error.code === "DB_SHUTTING_DOWN")) throw error;
      this.#lent = await this.#last.acquire();
      return this.#lent;
    }
  }

  release(session: Session): void {
    if (session === this.#lent) return;
    this.#killing.delete(session);
    this.#pool.release(session);
  }

  /** Resolves when nothing is left to end, or 2 s after the pool began to refuse sessions for it. */
  async close(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#last.close();
  }
}
