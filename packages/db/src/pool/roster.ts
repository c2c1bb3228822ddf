import type { DbErrorCode } from "../errors.ts";
import type { CloseReason } from "../events.ts";
import type { Session } from "../session/session.ts";
import type { PoolOptions } from "./pool-options.ts";

interface Slot {
  idleSinceMs: number;
  retireAtMs: number;
  /** Why the session is not handed out again. */
  reason: CloseReason | undefined;
  /** True while it is looked at; if it ends then, that is why. */
  isPinged: boolean;
}

/** Who hears what the open sessions do. */
export interface RosterObserver {
  /** A session has been closed and no longer counts. */
  gone(): void;
  /** A session's server does not take writes. */
  readOnly(): void;
  /** A statement was given up while the server may still be running it. */
  abandoned(session: Session, code: DbErrorCode): void;
}

/** Time a server has for its goodbye. */
const QUIT_MS = 500;

/** The open sessions: which are idle, which are to be replaced, and why. */
export class Roster {
  readonly #options: Pick<PoolOptions, "clock" | "emit" | "limits" | "random">;
  readonly #observer: RosterObserver;
  readonly #open = new Map<Session, Slot>();
  /** The last one used is handed out first, so that those not needed grow idle. */
  readonly #idle: Session[] = [];

  constructor(options: PoolOptions, observer: RosterObserver) {
    this.#options = options;
    this.#observer = observer;
  }

  get open(): number {
    return this.#open.size;
  }

  get idle(): number {
    return this.#idle.length;
  }

  sessions(): Session[] {
    return [...this.#open.keys()];
  }

  addresses(): Set<string> {
    return new Set(this.sessions().map(({ address }) => address));
  }

  /** Counts a new session, as lent out. */
  add(session: Session): void {
    const { clock, emit, limits, random } = this.#options;
    const nowMs = clock.elapsedMs();
    const retireAtMs = nowMs + limits.maxAgeMs * (0.9 + 0.2 * random());
    const slot: Slot = { idleSinceMs: nowMs, retireAtMs, reason: undefined, isPinged: false };
    this.#open.set(session, slot);
    session.observer = {
      lost: () => {
        this.#open.delete(session);
        this.#unlist(session);
        const reason = slot.reason ?? (slot.isPinged ? "ping-failed" : "lost");
        emit({ type: "connection.closed", threadId: session.threadId, reason });
        this.#observer.gone();
      },
      readOnly: () => {
        // Told already: a transaction may go on to be refused, a thousand times.
        if (slot.reason === "read-only") return;
        this.giveUp((other) => other.address === session.address, "read-only");
        this.#observer.readOnly();
      },
      abandoned: (code) => {
        // A ping leaves nothing on the server that could be killed.
        if (slot.isPinged) return;
        slot.reason ??= "abandoned";
        this.#observer.abandoned(session, code);
      },
    };
    if (!session.isUsable) session.observer.lost();
  }

  /** Lends out an idle session. */
  take(): Session | undefined {
    for (;;) {
      const session = this.#idle.at(-1);
      if (session === undefined) return undefined;
      if (!this.#isAged(session)) return this.#idle.pop();
      this.retire(session, "aged");
    }
  }

  /** Takes a session back; returns whether it may be lent again. */
  giveBack(session: Session): boolean {
    const slot = this.#open.get(session);
    if (slot === undefined) return false;
    slot.idleSinceMs = this.#options.clock.elapsedMs();
    if (slot.reason === undefined && !this.#isAged(session)) return true;
    this.retire(session, "aged");
    return false;
  }

  /** Lists a session that was given back as idle. */
  rest(session: Session): void {
    this.#idle.push(session);
  }

  /** Tells whether a session can be used as it is: it is open and was in use a short time ago. */
  isFresh(session: Session): boolean {
    const slot = this.#open.get(session);
    const { clock, limits } = this.#options;
    return slot !== undefined && clock.elapsedMs() - slot.idleSinceMs <= limits.pingAfterIdleMs;
  }

  /** Takes out the idle sessions that are not fresh. */
  takeStale(): Session[] {
    const stale = this.#idle.filter((session) => !this.isFresh(session));
    for (const session of stale) this.#unlist(session);
    return stale;
  }

  /**
   * Pings a session that was idle for long; destroys it when it does not answer.
   *
   * @returns Whether it may be lent: it answered, and was not given up meanwhile.
   */
  async answers(session: Session): Promise<boolean> {
    const slot = this.#open.get(session);
    if (slot === undefined) return false;
    slot.isPinged = true;
    try {
      await session.ping(this.#options.limits.pingMs);
    } catch {
      // The caller gets another session; the event of this one's end says why.
      session.destroy();
      return false;
    }
    slot.isPinged = false;
    return this.giveBack(session);
  }

  /** Closes a session in good order; it counts until it is closed, so that the limit is never passed. */
  retire(session: Session, reason: CloseReason): void {
    const slot = this.#open.get(session);
    if (slot !== undefined) slot.reason ??= reason;
    this.#unlist(session);
    session.quit(QUIT_MS).catch(() => session.destroy());
  }

  /** Retires the sessions that are meant: idle ones now, lent ones when they are given back. */
  giveUp(isMeant: (session: Session) => boolean, reason: CloseReason): void {
    for (const [session, slot] of [...this.#open]) {
      if (!isMeant(session)) continue;
      slot.reason ??= reason;
      if (this.#idle.includes(session)) this.retire(session, reason);
    }
  }

  /** Retires idle sessions that are aged, or not needed. */
  tidy(): void {
    const { clock, limits } = this.#options;
    let staying = [...this.#open.values()].filter(({ reason }) => reason === undefined).length;
    for (const session of [...this.#idle]) {
      const idleMs = clock.elapsedMs() - (this.#open.get(session)?.idleSinceMs ?? 0);
      const isSpare = idleMs > limits.maxIdleMs && staying > limits.minWarm;
      if (!this.#isAged(session) && !isSpare) continue;
      this.retire(session, isSpare ? "idle" : "aged");
      staying -= 1;
    }
  }

  #isAged(session: Session): boolean {
    const slot = this.#open.get(session);
    return slot === undefined || this.#options.clock.elapsedMs() >= slot.retireAtMs;
  }

  #unlist(session: Session): void {
    const index = this.#idle.indexOf(session);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}
