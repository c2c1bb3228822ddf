import type { DbErrorCode } from "../errors.ts";
import { asDbError, DbError } from "../errors.ts";
import type { DialPhase } from "../session/dial.ts";
import type { Session } from "../session/session.ts";
import type { DialGate } from "./dial-gate.ts";
import { dialGate } from "./dial-gate.ts";
import type { PoolOptions } from "./pool-options.ts";

interface Attempt {
  controller: AbortController;
  phase: DialPhase;
  done: Promise<void>;
}

/** Who takes the outcome of logins. */
export interface DialingObserver {
  opened(session: Session): void;
  failed(error: DbError): void;
}

/** Logins under way, and when the next may start. */
export class Dialing {
  readonly #options: PoolOptions;
  readonly #observer: DialingObserver;
  readonly #gate: DialGate;
  readonly #attempts = new Set<Attempt>();
  #lastFailure: DbError | undefined;
  #isClosed = false;

  constructor(options: PoolOptions, observer: DialingObserver) {
    this.#options = options;
    this.#observer = observer;
    const { clock, limits, random } = options;
    this.#gate = dialGate({ ...limits, clock, random });
  }

  get size(): number {
    return this.#attempts.size;
  }

  /** Why the last login failed; undefined once one has succeeded since. */
  get lastFailure(): DbError | undefined {
    return this.#lastFailure;
  }

  /** Milliseconds until a login may start; Infinity: not before one under way has ended. */
  delayMs(): number {
    return this.#gate.delayMs();
  }

  /** Makes the next login wait as if one had failed: the server that answers is not the one wanted. */
  backOff(): void {
    this.#gate.started();
    this.#gate.failed("DB_READ_ONLY");
  }

  /** Ends the wait after failures with `code`: their cause has been mended. Returns whether there was one. */
  forgive(code: DbErrorCode): boolean {
    if (this.#lastFailure?.code !== code) return false;
    this.#lastFailure = undefined;
    this.#gate.forgive();
    return true;
  }

  /** Returns what the logins under way are waiting for. */
  phase(): DialPhase | undefined {
    const phases = [...this.#attempts].map((attempt) => attempt.phase);
    return phases.includes("credential") ? "credential" : phases[0];
  }

  start(): void {
    const attempt: Attempt = {
      controller: new AbortController(),
      phase: "credential",
      done: Promise.resolve(),
    };
    this.#attempts.add(attempt);
    this.#gate.started();
    attempt.done = this.#run(attempt);
  }

  /** Calls off every login; resolves when none is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const reason = new DbError("DB_SHUTTING_DOWN", "the database is being closed");
    for (const { controller } of this.#attempts) controller.abort(reason);
    await Promise.all([...this.#attempts].map((attempt) => attempt.done));
  }

  async #run(attempt: Attempt): Promise<void> {
    const { clock, dial, limits } = this.#options;
    const { controller } = attempt;
    const timer = clock.after(limits.connectMs, () =>
      controller.abort(slowError(attempt.phase, limits.connectMs)),
    );
    try {
      const session = await dial(controller.signal, (phase) => {
        attempt.phase = phase;
      });
      this.#settle(attempt, () => this.#gate.succeeded());
      this.#lastFailure = undefined;
      if (this.#isClosed) session.destroy();
      else this.#observer.opened(session);
    } catch (error) {
      this.#fail(attempt, asDbError(error, "DB_PROTOCOL", "logging in failed"));
    } finally {
      timer.cancel();
    }
  }

  #fail(attempt: Attempt, error: DbError): void {
    if (this.#isClosed) {
      this.#settle(attempt, () => this.#gate.calledOff());
      return;
    }
    let retryInMs = 0;
    this.#settle(attempt, () => {
      retryInMs = this.#gate.failed(error.code);
    });
    this.#lastFailure = error;
    const { code, message } = error;
    this.#options.emit({ type: "connection.failed", code, message, attempt: this.#gate.failures, retryInMs });
    this.#observer.failed(error);
  }

  #settle(attempt: Attempt, count: () => void): void {
    this.#attempts.delete(attempt);
    count();
  }
}

function slowError(phase: DialPhase, deadlineMs: number): DbError {
  return phase === "credential"
    ? new DbError("DB_CREDENTIALS_UNAVAILABLE", `no credential was supplied within ${deadlineMs} ms`)
    : new DbError("DB_UNREACHABLE", `the login did not end within ${deadlineMs} ms`);
}
