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

test("renewal waits for half of the life at the least, and instances that start together do not stay in step", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 2 ** 40 }), random, random, (lifeMs, one, other) => {
      const [first, second] = [one, other].map((part) => refreshSchedule(lifeMs, part));
      assert.ok(first !== undefined && second !== undefined);
      const { refreshAfterMs, retireAfterMs } = first;
      // Half of the life at the least: a process signs once or twice in 15 minutes, whatever it is asked.
      assert.ok(refreshAfterMs >= 0.5 * lifeMs && refreshAfterMs <= 0.881 * lifeMs);
      assert.ok(lifeMs - retireAfterMs <= 30_000 && lifeMs - retireAfterMs <= lifeMs / 4);
      if (one < other) assert.ok(refreshAfterMs <= second.refreshAfterMs);
      if (lifeMs >= 900_000 && Math.abs(one - other) > 0.01) {
        assert.ok(Math.abs(refreshAfterMs - second.refreshAfterMs) >= 0.001 * lifeMs);
      }
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
