import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, settled } from "@sealed/faults";
import type { Fetched, RefreshingOptions } from "../src/auth/refreshing.ts";
import { Refreshing } from "../src/auth/refreshing.ts";

const LIFE_MS = 900_000;

/** A source of numbered values that fails, hangs or lies when it is told to. */
function source(clock: FakeClock, changes: Partial<RefreshingOptions<number>> = {}) {
  const state = {
    fetches: 0,
    lifeMs: LIFE_MS,
    mode: "works" as "works" | "fails" | "hangs",
    failures: [] as { keptOld: boolean; retryInMs: number }[],
  };
  const fetch = async (): Promise<Fetched<number>> => {
    state.fetches += 1;
    const value = state.fetches;
    if (state.mode === "hangs") await new Promise(() => undefined);
    await settled();
    if (state.mode === "fails") throw new Error(`fetch ${value} failed`);
    return { value, lifeMs: state.lifeMs };
  };
  const values = new Refreshing({
    fetch,
    clock,
    random: () => 0.5,
    fetchTimeoutMs: 10_000,
    onFailure: (_error, outcome) => state.failures.push(outcome),
    ...changes,
  });
  return { state, values };
}

test("a hundred callers at once cause one fetch", async () => {
  const { state, values } = source(new FakeClock());

  const got = await Promise.all(Array.from({ length: 100 }, () => values.get()));

  assert.deepEqual(new Set(got), new Set([1]));
  assert.equal(state.fetches, 1);
});

test("a value is served without a fetch until 0.8 of its life, then renewed while the old one serves", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();

  await clock.advance(719_999);
  assert.equal(await values.get(), 1);
  await settled();
  assert.equal(state.fetches, 1);

  await clock.advance(1);
  assert.equal(await values.get(), 1);
  await clock.advance(0);
  assert.equal(await values.get(), 2);
  assert.equal(state.fetches, 2);
});

test("an idle holder fetches nothing, whatever time passes", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();

  await clock.advance(10 * LIFE_MS);

  assert.equal(state.fetches, 1);
  assert.equal(clock.pending, 0);
});

test("while renewal fails the old value serves, with a growing wait between attempts", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();
  state.mode = "fails";
  await clock.advance(720_000);

  for (let second = 0; second < 140; second++) {
    assert.equal(await values.get(), 1);
    await clock.advance(1_000);
  }

  assert.ok(state.failures.length >= 7 && state.failures.length <= 20, `${state.failures.length} attempts`);
  assert.ok(state.failures.every(({ keptOld }) => keptOld));
  const waits = state.failures.map(({ retryInMs }) => retryInMs);
  assert.deepEqual(waits.slice(0, 8), [125, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000]);
  state.mode = "works";
  await clock.advance(8_000);
  assert.equal(await values.get(), 1);
  await clock.advance(15_000);
  assert.notEqual(await values.get(), 1);
});

test("with nothing valid left a failure is thrown, and remembered for 250 ms only", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  state.mode = "fails";

  const outcomes = await Promise.allSettled(Array.from({ length: 1_000 }, () => values.get()));
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
  await assert.rejects(values.get(), /fetch 1 failed/);
  assert.equal(state.fetches, 1);

  await clock.advance(250);
  state.mode = "works";
  assert.equal(await values.get(), 2);
});

test("a fetch that hangs does not stop the old value from serving, and ends after its deadline", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();
  state.mode = "hangs";
  await clock.advance(720_000);

  assert.equal(await values.get(), 1);
  await clock.advance(10_000);
  assert.equal(state.failures.length, 1);
  state.mode = "works";
  await clock.advance(1_000);
  assert.equal(await values.get(), 1);
  await clock.advance(0);
  assert.equal(await values.get(), 3);
});

test("many refusals of one value cause one fetch, and a late refusal does not drop its successor", async () => {
  const { state, values } = source(new FakeClock());
  const first = await values.get();

  const seconds = await Promise.all(
    Array.from({ length: 50 }, () => {
      values.invalidate(first);
      return values.get();
    }),
  );
  values.invalidate(first);

  assert.deepEqual(new Set(seconds), new Set([2]));
  assert.equal(await values.get(), 2);
  assert.equal(state.fetches, 2);
});

test("in its last 30 s a value is not handed out, unless renewal fails", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();
  await clock.advance(875_000);
  state.mode = "fails";
  assert.equal(await values.get(), 1);
  state.mode = "works";
  await clock.advance(1_000);
  assert.equal(await values.get(), 3);
});

test("in its last 30 s a value serves within a second while renewal hangs", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();
  await clock.advance(875_000);
  state.mode = "hangs";
  let got: number | undefined;
  const asked = values.get().then((value) => {
    got = value;
  });

  await clock.advance(999);
  assert.equal(got, undefined);
  await clock.advance(1);
  await asked;

  assert.equal(got, 1);
});

test("past its end a value is never handed out", async () => {
  const clock = new FakeClock();
  const { state, values } = source(clock);
  await values.get();
  state.mode = "fails";
  await clock.advance(LIFE_MS);

  await assert.rejects(values.get(), /failed/);
});

for (const [what, byMs] of [
  ["forward, as after a suspend of 20 minutes", 1_200_000],
  ["forward by 10 minutes", 600_000],
  ["back by 10 minutes", -600_000],
] as const) {
  test(`a value is fetched anew when the wall clock steps ${what}`, async () => {
    const clock = new FakeClock();
    const { values } = source(clock);
    await values.get();

    clock.stepWall(byMs);

    assert.equal(await values.get(), 2);
  });
}

test("a value of no life serves the callers of its fetch and nobody after", async () => {
  const { state, values } = source(new FakeClock());
  state.lifeMs = 0;

  assert.deepEqual(await Promise.all([values.get(), values.get()]), [1, 1]);
  assert.equal(await values.get(), 2);
});
