import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, settled } from "@sealed/faults";
import fc from "fast-check";
import { Refreshing } from "../src/auth/refreshing.ts";

const LIFE_MS = 900_000;
const FETCH_TIMEOUT_MS = 10_000;

/** What its source does, how much time passes, whether the wall clock is set, and whether the value is refused. */
const step = fc.record({
  mode: fc.constantFrom("works", "works", "fails", "hangs"),
  advanceMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 600_000 })),
  wallStepMs: fc.constantFrom(0, 0, 0, -45_000, 45_000),
  isRefused: fc.constantFrom(false, false, false, false, false, false, true),
  callers: fc.integer({ min: 1, max: 5 }),
});

/** A source of numbered values, and when each was made. */
class Source {
  readonly #clock: FakeClock;
  readonly madeAtMs: number[] = [];
  mode = "works";
  fetches = 0;
  underWay = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async fetch(): Promise<{ value: number; lifeMs: number }> {
    this.fetches += 1;
    this.underWay += 1;
    assert.equal(this.underWay, 1, "two fetches at once");
    try {
      if (this.mode === "hangs")
        await new Promise<void>((resolve) => this.#clock.after(FETCH_TIMEOUT_MS, resolve));
      if (this.mode === "fails") throw new Error("as told");
      return { value: this.madeAtMs.push(this.#clock.elapsedMs()) - 1, lifeMs: LIFE_MS };
    } finally {
      this.underWay -= 1;
    }
  }
}

test("whatever its source does, all callers of a moment get one value, none past its life, and one fetch runs at most", async () => {
  let served = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const clock = new FakeClock();
      const source = new Source(clock);
      const values = new Refreshing<number>({
        clock,
        random: () => 0.5,
        fetchTimeoutMs: FETCH_TIMEOUT_MS,
        fetch: () => source.fetch(),
      });
      for (const { advanceMs, callers, isRefused, mode, wallStepMs } of steps) {
        source.mode = mode;
        clock.stepWall(wallStepMs);
        await clock.advance(advanceMs);
        const before = source.fetches;
        const asked = Promise.allSettled(Array.from({ length: callers }, () => values.get()));
        await clock.advance(FETCH_TIMEOUT_MS);
        const outcomes = await asked;
        const got = new Set(
          outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : "none")),
        );
        assert.equal(got.size, 1, [...got].join());
        assert.ok(source.fetches - before <= 1, "callers of a moment cause one fetch");
        const [value] = got;
        if (typeof value !== "number") continue;
        served += 1;
        assert.ok(clock.elapsedMs() - FETCH_TIMEOUT_MS - (source.madeAtMs[value] ?? 0) < LIFE_MS);
        if (isRefused) values.invalidate(value);
      }
      source.mode = "works";
      // No wait between two attempts is longer than 30 s.
      await clock.advance(30_000);
      await settled();
      assert.notEqual(await values.get(), undefined);
    }),
    { numRuns: 100 },
  );
  assert.ok(served > 100, `${served} served`);
});
