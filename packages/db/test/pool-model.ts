import assert from "node:assert/strict";
import { settled } from "@sealed/faults";
import { DbError, type DbErrorCode } from "../src/index.ts";
import type { Session } from "../src/session/session.ts";
import type { FakeSession } from "./fake-session.ts";
import { poolOver } from "./pool-under-test.ts";

const QUEUE = 5;
const ACQUIRE_MS = 2_000;
/** Logins that the gate's bucket holds, and refills in a second. */
const BUCKET = 20;
/** Longer than any wait between logins, and than any login that hangs. */
const CALM_MS = 20_000;

const FAILURES = [
  "DB_ACCESS_DENIED",
  "DB_CONNECTION_REFUSED",
  "DB_CREDENTIALS_UNAVAILABLE",
  "DB_TOO_MANY_CONNECTIONS",
  "DB_UNTRUSTED_CERTIFICATE",
] as const satisfies readonly DbErrorCode[];

/** What may happen, and how often: faults last until the server works again, and only once is the pool closed. */
export const STEPS = {
  acquire: 80,
  release: 50,
  wait: 40,
  works: 60,
  "give-up": 10,
  lose: 10,
  abandon: 10,
  "read-only": 10,
  moves: 10,
  retry: 10,
  silent: 5,
  "hangs-in-credential": 5,
  "hangs-in-connection": 5,
  "dies-after-login": 5,
  ...(Object.fromEntries(FAILURES.map((code) => [code, 5])) as Record<(typeof FAILURES)[number], number>),
  close: 1,
};

interface Caller {
  controller: AbortController;
  sinceMs: number;
  isSettled: boolean;
  outcome: Promise<void>;
}

/** A pool, a server that does as it is told, and what must hold of both whatever they are told. */
export class PoolModel {
  readonly #under: ReturnType<typeof poolOver>;
  readonly #connections: number;
  readonly #held: Session[] = [];
  readonly #callers: Caller[] = [];
  #closed: Promise<void> | undefined;
  lent = 0;
  failed = 0;

  constructor(connections: number) {
    this.#connections = connections;
    this.#under = poolOver({
      connections,
      queue: QUEUE,
      acquireMs: ACQUIRE_MS,
      minWarm: 1,
      maxAgeMs: 60_000,
    });
  }

  /** Does one step; `pick` says to whom. */
  async run(name: keyof typeof STEPS, pick: number, ms: number): Promise<void> {
    const { clock, pool, state } = this.#under;
    const picked = <T>(list: readonly T[]): T | undefined => list[pick % Math.max(1, list.length)];
    const actions: Record<string, () => unknown> = {
      acquire: () => this.#acquire(),
      release: () => {
        const [session] = this.#held.splice(pick % Math.max(1, this.#held.length), 1);
        if (session !== undefined) pool.release(session);
      },
      wait: () => clock.advance(ms),
      works: () => this.#heal(),
      "give-up": () => picked(this.#callers)?.controller.abort(),
      lose: () => picked(state.sessions)?.destroy(),
      abandon: () => {
        const session = picked(this.#held) as FakeSession | undefined;
        if (session?.isUsable !== true) return;
        session.observer?.abandoned("DB_STATEMENT_TIMEOUT");
        session.destroy();
      },
      "read-only": () => picked(state.sessions.filter(({ isUsable }) => isUsable))?.observer?.readOnly(),
      moves: () => {
        state.addresses = [`10.0.0.${1 + (pick % 3)}`];
      },
      retry: () => pool.retry("DB_UNTRUSTED_CERTIFICATE"),
      "hangs-in-credential": () => {
        state.hangIn = "credential";
      },
      "hangs-in-connection": () => {
        state.hangIn = "connection";
      },
      "dies-after-login": () => {
        state.diesAfterLogin = true;
      },
      silent: () => this.#setPings(false),
      close: () => this.#close(ms),
    };
    const fails = () => {
      state.failWith = name as DbErrorCode;
    };
    await (actions[name] ?? fails)();
    await settled();
  }

  /** What holds after every step. */
  check(): void {
    const { clock, pool, state } = this.#under;
    const { open, idle, leased, dialing, waiting } = pool.counts();
    assert.ok(leased + idle + dialing <= this.#connections, `${leased} + ${idle} + ${dialing}`);
    assert.ok(idle >= 0 && leased >= 0);
    // The pool's counters are what the server sees, but for the one session with which a closed pool ends statements.
    const ofTheServer = state.sessions.filter(({ isUsable }) => isUsable).length + state.underWay;
    const beyond = ofTheServer - open - dialing;
    assert.ok(beyond === 0 || (beyond === 1 && this.#closed !== undefined), `${beyond} beyond the pool`);
    assert.ok(leased >= this.#held.filter(({ isUsable }) => isUsable).length);
    assert.equal(new Set(this.#held).size, this.#held.length, "a session was lent twice");
    // Beside the queue, each connection may have left one statement to kill.
    assert.ok(waiting <= QUEUE + state.sessions.length);
    assert.ok(state.dials <= BUCKET + (BUCKET * clock.elapsedMs()) / 1_000 + 1, `${state.dials} logins`);
    for (const { isSettled, sinceMs } of this.#callers) {
      assert.ok(isSettled || clock.elapsedMs() - sinceMs < ACQUIRE_MS, "a caller waits beyond their time");
    }
  }

  /** A pool that was not closed serves again soon after the last fault has ended. */
  async recover(): Promise<void> {
    const { clock, pool } = this.#under;
    this.#heal();
    // Who waits is served with what comes back, and gives it back as well.
    for (let passedMs = 0; passedMs < CALM_MS; passedMs += ACQUIRE_MS) {
      for (const session of this.#held.splice(0)) pool.release(session);
      await clock.advance(ACQUIRE_MS);
    }
    if (this.#closed !== undefined) return;
    const served = pool.acquire().then((session) => pool.release(session));
    // A goodbye and a login take no time here, only turns.
    for (let turn = 0; turn < 5; turn++) await settled();
    await Promise.all([served, clock.advance(ACQUIRE_MS)]);
  }

  /** Closes it; nothing may be left. */
  async close(): Promise<void> {
    const { clock, pool, state } = this.#under;
    this.#close(1_000);
    await clock.advance(2 * CALM_MS);
    await this.#closed;
    await Promise.all(this.#callers.map(({ outcome }) => outcome));
    assert.deepEqual(pool.counts(), { open: 0, idle: 0, leased: 0, waiting: 0, dialing: 0 });
    assert.ok(state.sessions.every(({ isUsable }) => !isUsable));
    assert.equal(state.underWay, 0, "a login was left");
    assert.equal(clock.pending, 0, "a timer was left");
  }

  #close(withinMs: number): void {
    const closed = this.#under.pool.close(withinMs);
    this.#closed ??= closed;
    assert.equal(closed, this.#closed);
  }

  #heal(): void {
    const { state } = this.#under;
    Object.assign(state, { failWith: undefined, hangIn: undefined, diesAfterLogin: false });
    this.#setPings(true);
  }

  #setPings(areAnswered: boolean): void {
    const { state } = this.#under;
    state.pingMs = areAnswered ? 0 : Number.POSITIVE_INFINITY;
    for (const session of state.sessions) session.pingMs = state.pingMs;
  }

  #acquire(): void {
    const { clock, pool } = this.#under;
    const controller = new AbortController();
    const caller: Caller = {
      controller,
      sinceMs: clock.elapsedMs(),
      isSettled: false,
      outcome: Promise.resolve(),
    };
    caller.outcome = pool
      .acquire({ signal: controller.signal })
      .then(
        (session) => {
          this.lent += 1;
          this.#held.push(session);
        },
        (error) => {
          this.failed += 1;
          assert.ok(error instanceof DbError, String(error));
          if (this.#closed !== undefined && !controller.signal.aborted) return;
          assert.notEqual(error.code, "DB_SHUTTING_DOWN");
        },
      )
      .finally(() => {
        caller.isSettled = true;
      });
    this.#callers.push(caller);
  }
}
