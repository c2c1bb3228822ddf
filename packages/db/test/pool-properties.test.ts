import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "@sealed/faults";
import fc from "fast-check";
import { DbError, type DbErrorCode } from "../src/index.ts";
import type { Session } from "../src/session/session.ts";
import type { FakeSession } from "./fake-session.ts";
import { poolOver } from "./pool-under-test.ts";

type Fault =
  | "acquire"
  | "give-up"
  | "release"
  | "lose"
  | "abandon"
  | "read-only"
  | "wait"
  | DbErrorCode
  | "works";

const fault = fc.constantFrom<Fault>(
  ...([
    "acquire",
    "acquire",
    "acquire",
    "release",
    "release",
    "release",
    "wait",
    "wait",
    "works",
    "works",
  ] as const),
  ...(["give-up", "lose", "abandon", "read-only", "DB_CONNECTION_REFUSED", "DB_ACCESS_DENIED"] as const),
);
const step = fc.record({ fault, pick: fc.nat(), ms: fc.integer({ min: 1, max: 40_000 }) });
const QUEUE = 5;

/** Callers that come, go, and lose their connections. */
class Callers {
  readonly #under: ReturnType<typeof poolOver>;
  readonly held: Session[] = [];
  readonly #waiting: { controller: AbortController; outcome: Promise<void> }[] = [];

  constructor(connections: number) {
    this.#under = poolOver({ connections, queue: QUEUE, minWarm: 1, maxAgeMs: 60_000 });
  }

  /** Does one thing to the pool; `pick` says to whom. */
  async run(name: Fault, pick: number, ms: number): Promise<void> {
    const { clock, pool, state } = this.#under;
    const picked = <T>(list: readonly T[]): T | undefined => list[pick % Math.max(1, list.length)];
    const actions: Partial<Record<Fault, () => unknown>> = {
      acquire: () => this.#acquire(),
      "give-up": () => picked(this.#waiting)?.controller.abort(),
      release: () => {
        const [session] = this.held.splice(pick % Math.max(1, this.held.length), 1);
        if (session !== undefined) pool.release(session);
      },
      lose: () => picked(state.sessions)?.destroy(),
      "read-only": () => picked(state.sessions)?.observer?.readOnly(),
      abandon: () => {
        const session = picked(this.held) as FakeSession | undefined;
        session?.observer?.abandoned("DB_STATEMENT_TIMEOUT");
        session?.destroy();
      },
      wait: () => clock.advance(ms),
    };
    const setServer = (): void => {
      state.failWith = name === "works" ? undefined : (name as DbErrorCode);
    };
    await (actions[name] ?? setServer)();
    await settled();
  }

  check(connections: number): void {
    const { open, idle, leased, dialing, waiting } = this.#under.pool.counts();
    assert.ok(open + dialing <= connections, `${open} open, ${dialing} dialing`);
    // Beside the queue, each connection may have left one statement to kill.
    assert.ok(idle >= 0 && leased >= 0 && waiting <= QUEUE + this.#under.state.sessions.length);
    assert.equal(new Set(this.held).size, this.held.length, "a session was lent twice");
  }

  async finish(): Promise<void> {
    const { clock, pool, state } = this.#under;
    const closed = pool.close(1_000);
    await clock.advance(20_000);
    await closed;
    await Promise.all(this.#waiting.map(({ outcome }) => outcome));
    assert.deepEqual(pool.counts(), { open: 0, idle: 0, leased: 0, waiting: 0, dialing: 0 });
    assert.ok(state.sessions.every(({ isUsable }) => !isUsable));
    assert.equal(clock.pending, 0, "a timer was left");
  }

  #acquire(): void {
    const controller = new AbortController();
    const outcome = this.#under.pool.acquire({ signal: controller.signal }).then(
      (session) => {
        this.held.push(session);
      },
      (error) => assert.ok(error instanceof DbError),
    );
    this.#waiting.push({ controller, outcome });
  }
}

test("under any order of faults no limit is passed, every caller gets an answer and nothing is left", async () => {
  let lent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, connections) => {
        const callers = new Callers(connections);
        for (const { fault: name, pick, ms } of steps) {
          await callers.run(name, pick, ms);
          callers.check(connections);
        }
        lent += callers.held.length;
        await callers.finish();
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(lent > 0, "nothing was ever lent");
});
