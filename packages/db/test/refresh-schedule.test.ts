import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffMs, refreshSchedule } from "../src/auth/refresh-schedule.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("a token of 900 s is renewed after 648 to 792 s and retired after 870", () => {
  assert.deepEqual(refreshSchedule(900_000, 0), { refreshAfterMs: 648_000, retireAfterMs: 870_000 });
  assert.deepEqual(refreshSchedule(900_000, 0.5), { refreshAfterMs: 720_000, retireAfterMs: 870_000 });
  assert.equal(Math.round(refreshSchedule(900_000, 0.999_999).refreshAfterMs / 1_000), 792);
});

test("a token of 2 minutes is retired after 90 s, not after 870", () => {
  assert.equal(refreshSchedule(120_000, 0.5).retireAfterMs, 90_000);
});

test("renewal always comes before retirement, and retirement before the end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), random, (lifeMs, part) => {
      const { refreshAfterMs, retireAfterMs } = refreshSchedule(lifeMs, part);
      assert.ok(0 < refreshAfterMs && refreshAfterMs < retireAfterMs && retireAfterMs < lifeMs);
    }),
  );
});

test("what has no life left is never handed out twice", () => {
  assert.deepEqual(refreshSchedule(0, 0.5), { refreshAfterMs: 0, retireAfterMs: 0 });
  assert.deepEqual(refreshSchedule(-5, 0.5), { refreshAfterMs: 0, retireAfterMs: 0 });
});

test("the backoff doubles up to its cap and is jittered from nothing to all of it", () => {
  assert.equal(backoffMs(1, 100, 5_000, 0.5), 50);
  assert.equal(backoffMs(3, 100, 5_000, 0.5), 200);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), random, (failures, part) => {
      const waitMs = backoffMs(failures, 100, 5_000, part);
      assert.ok(waitMs >= 0 && waitMs <= 5_000);
    }),
  );
});
