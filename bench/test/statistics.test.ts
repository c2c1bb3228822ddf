import assert from "node:assert/strict";
import test from "node:test";
import { median, pairedRatios, percentile, summarize } from "../src/statistics.ts";

test("the median of an odd number of values is the middle one, whatever their order", () => {
  assert.equal(median([9, 1, 5]), 5);
});

test("the median of an even number of values lies between the two in the middle", () => {
  assert.equal(median([4, 1, 3, 100]), 3.5);
});

test("numbers are sorted as numbers and the given list stays as it is", () => {
  const values = [10, 9, 2];

  assert.equal(median(values), 9);
  assert.deepEqual(values, [10, 9, 2]);
});

test("no values have no median", () => {
  assert.throws(() => median([]), RangeError);
  assert.throws(() => percentile([], 0.5), RangeError);
});

test("a summary holds median, least and greatest", () => {
  assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, max: 3 });
});

test("ratios are taken round by round, so that a slow minute that hits both cancels out", () => {
  assert.deepEqual(pairedRatios([10, 100], [5, 50]), [2, 2]);
});

test("rounds that do not come in pairs are refused", () => {
  assert.throws(() => pairedRatios([1, 2], [1]), RangeError);
});

test("a percentile is a value that occurred, by nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);

  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([7], 0.99), 7);
});
