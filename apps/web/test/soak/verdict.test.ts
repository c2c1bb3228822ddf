import assert from "node:assert/strict";
import { test } from "node:test";
import { MEASURES, type Measure, type Sample } from "./sample.ts";
import { judge } from "./verdict.ts";

const STEADY: Sample = { heapMib: 30, residentMib: 200, files: 26, listeners: 23, timers: 1, handles: 3 };

/** Samples of a process in which only `measure` changes, and takes these values. */
function samplesOf(measure: Measure, values: number[]): Sample[] {
  return values.map((value) => ({ ...STEADY, [measure]: value }));
}

function growing(samples: Sample[]): Measure[] {
  return judge(samples)
    .filter(({ isFlat }) => !isFlat)
    .map(({ measure }) => measure);
}

test("a process that holds the same from look to look is flat in every measure", () => {
  assert.deepEqual(growing(samplesOf("files", Array(12).fill(26))), []);
});

test("each measure that grows steadily is named, and no other", () => {
  for (const measure of MEASURES) {
    const values = Array.from({ length: 12 }, (_, look) => STEADY[measure] + look * 4);

    assert.deepEqual(growing(samplesOf(measure, values)), [measure]);
  }
});

test("what the warm-up takes, and what one look sees more, is no growth", () => {
  assert.deepEqual(growing(samplesOf("heapMib", [10, 20, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30])), []);
  assert.deepEqual(growing(samplesOf("files", [26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 40])), []);
});

test("one listener more is growth: each renewal or login that leaves one would go on for ever", () => {
  const values = [23, 23, 23, 23, 23, 23, 23, 23, 23, 24, 24, 24];

  assert.deepEqual(growing(samplesOf("listeners", values)), ["listeners"]);
});

test("too few looks give no verdict", () => {
  assert.throws(() => judge(samplesOf("files", [26, 26, 26])), /needs 6 samples, got 3/);
});
