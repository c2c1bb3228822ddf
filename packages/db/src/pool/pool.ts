import { AddressWatch } from "../address-watch.ts";
import type { Timer } from "../clock.ts";
import type { DbErrorCode } from "../errors.ts";
import { DbError } from "../errors.ts";
import type { Session } from "../session/session.ts";
import { abortedError, repeated, shuttingDown } from "./caller-errors.ts";
import { Dialing } from "./dialing.ts";
import { Kills } from "./kills.ts";
import { Looks } from "./looks.ts";
import type { AcquireOptions, PoolCounts, PoolOptions } from "./pool-options.ts";
import { Roster } from "./roster.ts";
import { type Wait, WaitQueue } from "./wait-queue.ts";

/** Failures that may pass while callers wait; after any other, callers are told at once. */
const MAY_PASS: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_CONNECTION_LOST",
  "DB_CONNECTION_REFUSED",
  "DB_TOO_MANY_CONNECTIONS",
  "DB_UNREACHABLE",
]);

/** Sessions that are lent out one by one: bounded, kept warm, replaced by age, and found dead before use. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #dialing: Dialing;
  readonly #roster: Roster;
  readonly #waiting: WaitQueue<Session>;
  readonly #addresses = new AddressWatch();
  readonly #kills: Kills;
  readonly #looks: Looks;
  #wake: Timer | undefined;
  #housekeeper: Timer;
  #isClosing = false;
  #closed: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#waiting = new WaitQueue(options.clock);
    this.#kills = new Kills(options, this);
    this.#roster = new Roster(options, {
      gone: () => this.#sessionGone(),
      readOnly: () => this.#dialing.backOff(),
      abandoned: (session, code) => this.#kills.start(session, code),
    });
    this.#looks = new Looks(this.#roster, options.clock, (session) => this.release(session));
    this.#dialing = new Dialing(options, {
      opened: (session) => this.#adopt(session),
      failed: (error) => this.#dialFailed(error),
    });
    this.#housekeeper = this.#scheduleHousekeeping();
    this.#pump();
  }

  /** Returns an idle session at once, if there is one that needs no look first. Give it back with `release`. */
  take(): Session | undefined {
    if (this.#isClosing || this.#waiting.size > 0) return undefined;
    const session = this.#roster.take();
    if (session === undefined || this.#roster.isFresh(session)) return session;
    this.#roster.rest(session);
    return undefined;
  }

  /** Returns a session for the caller alone. Give it back with `release`, whatever happened on it. */
  async acquire(options: AcquireOptions = {}): Promise<Session> {
    const { clock, limits } = this.#options;
    const untilMs = clock.elapsedMs() + (options.acquireMs ?? limits.acquireMs);
    for (;;) {
      if (this.#isClosing) throw shuttingDown();
      if (options.signal?.aborted) throw abortedError();
      const session = this.#takeIdle(options) ?? (await this.#wait(options, untilMs));
      // Most often it was used a moment ago, and nothing is awaited here.
      if (this.#roster.isFresh(session)) return session;
      if (await this.#looks.answers(session, this.#patience(options, untilMs))) return session;
    }
  }

  /** Takes a session back. */
  release(session: Session): void {
    if (this.#isClosing) this.#roster.retire(session, "shutdown");
    else if (this.#roster.giveBack(session)) this.#offer(session);
  }

  /** Tries at once again what has failed with `code`: its cause has been mended. */
  retry(code: DbErrorCode): void {
    if (this.#dialing.forgive(code)) this.#pump();
  }

  counts(): PoolCounts {
    const { open, idle } = this.#roster;
    return { open, idle, leased: open - idle, waiting: this.#waiting.size, dialing: this.#dialing.size };
  }

  /**
   * Stops lending, waits up to `withinMs` for what is lent, then destroys the rest and kills on the server what that
   * was running, for 2 s at most. Always resolves.
   */
  close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    this.#closed ??= this.#shutDown(withinMs);
    return this.#closed;
  }

  async #shutDown(withinMs: number): Promise<void> {
    this.#wake?.cancel();
    this.#housekeeper.cancel();
    this.#waiting.refuseAll(shuttingDown);
    const dialed = this.#dialing.close();
    this.#roster.giveUp(() => true, "shutdown");
    if (this.#roster.open > 0) {
      const drained = new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
      const timer = this.#options.clock.after(withinMs, () => this.#destroyAll());
      await drained;
      timer.cancel();
    }
    await dialed;
    await this.#kills.close();
  }

  #destroyAll(): void {
    for (const session of this.#roster.sessions()) {
      const { isBusy } = session;
      session.destroy();
      if (isBusy) this.#kills.start(session, "DB_SHUTTING_DOWN");
    }
  }

  #wait(options: AcquireOptions, untilMs: number): Promise<Session> {
    const { limits } = this.#options;
    const patience = this.#patience(options, untilMs);
    if (this.#waiting.size >= limits.queue && options.urgent !== true) {
      throw new DbError("DB_POOL_OVERLOADED", `${limits.queue} callers wait for a connection already`);
    }
    const failure = this.#dialing.lastFailure;
    const delayMs = this.#dialing.delayMs();
    if (
      this.#roster.open === 0 &&
      failure !== undefined &&
      Number.isFinite(delayMs) &&
      delayMs > patience.deadlineMs
    ) {
      throw repeated(failure);
    }
    const served = this.#waiting.wait(patience);
    this.#pump();
    return served;
  }

  /** Returns how long a caller waits who must be served, or told, at `untilMs`. */
  #patience(options: AcquireOptions, untilMs: number): Wait {
    const { clock, limits } = this.#options;
    return {
      deadlineMs: Math.max(0, untilMs - clock.elapsedMs()),
      signal: options.signal,
      urgent: options.urgent === true,
      timeoutError: () => this.#timeoutError(options.acquireMs ?? limits.acquireMs),
    };
  }

  #timeoutError(waitedMs: number): DbError {
    const failure = this.#dialing.lastFailure;
    if (failure !== undefined) return repeated(failure);
    const { open, leased, waiting } = this.counts();
    const phase = open < this.#options.limits.connections ? this.#dialing.phase() : undefined;
    if (phase === "credential") {
      return new DbError("DB_CREDENTIALS_UNAVAILABLE", `no credential was supplied within ${waitedMs} ms`);
    }
    if (phase === "connection" && open === 0) {
      return new DbError("DB_UNREACHABLE", `no login ended within ${waitedMs} ms`);
    }
    return new DbError(
      "DB_POOL_TIMEOUT",
      `no connection came free within ${waitedMs} ms (${leased} in use, ${waiting} callers waiting); ` +
        "shorten the statements, or raise limits.connections where the server allows it",
    );
  }

  /** Starts as many logins as callers and the warm minimum need, and the limits and the gate allow. */
  #pump(): void {
    const { clock, limits } = this.#options;
    while (!this.#isClosing && this.#roster.open + this.#dialing.size < limits.connections) {
      const wanted = Math.max(this.#waiting.size, limits.minWarm - this.#roster.open);
      if (this.#dialing.size >= wanted) return;
      const delayMs = this.#dialing.delayMs();
      if (delayMs > 0) {
        this.#wake?.cancel();
        // With a login under way there is nothing to wait for but its end.
        this.#wake = Number.isFinite(delayMs) ? clock.after(delayMs, () => this.#pump()) : undefined;
        return;
      }
      this.#dialing.start();
    }
  }

  #takeIdle(options: AcquireOptions): Session | undefined {
    return this.#waiting.size === 0 || options.urgent === true ? this.#roster.take() : undefined;
  }

  #adopt(session: Session): void {
    this.#roster.add(session);
    if (session.isUsable) this.#offer(session);
    this.#pump();
  }

  #offer(session: Session): void {
    if (!this.#waiting.serve(session)) this.#roster.rest(session);
  }

  #dialFailed(error: DbError): void {
    if (this.#roster.open === 0 && this.#dialing.size === 0 && !MAY_PASS.has(error.code)) {
      this.#waiting.refuseAll(() => repeated(error));
    }
    this.#pump();
  }

  #sessionGone(): void {
    if (this.#isClosing && this.#roster.open === 0) this.#drained?.();
    else this.#pump();
  }

  #scheduleHousekeeping(): Timer {
    const { clock, limits } = this.#options;
    return clock.after(limits.housekeepingMs, () => {
      this.#housekeeper = this.#scheduleHousekeeping();
      this.#tidy();
    });
  }

  /** Replaces what is aged, closes what is not needed, and leaves addresses that the name no longer has. */
  #tidy(): void {
    this.#roster.tidy();
    this.#pump();
    if (this.#roster.open === 0) return;
    this.#options.addresses().then(
      (current) => {
        const left = this.#addresses.look(current, this.#roster.addresses());
        this.#roster.giveUp(({ address }) => left.has(address), "address-changed");
      },
      // While the name cannot be resolved the open connections are as good as before.
      () => undefined,
    );
  }
}
