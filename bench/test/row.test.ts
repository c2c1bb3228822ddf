import assert from "node:assert/strict";
import test from "node:test";
import { reportText } from "../src/report.ts";
import { toRow } from "../src/row.ts";

const ABOUT = { id: "speed", what: "speed (x)" };

test("a goal is held against the median, not against the best round", () => {
  const row = toRow({ ...ABOUT, goal: { atLeast: 1 }, samples: [0.5, 0.9, 2] });

  assert.deepEqual(row, { ...ABOUT, median: 0.9, min: 0.5, max: 2, goal: ">= 1", reached: false });
});

test("a bound itself is reached", () => {
  assert.equal(toRow({ ...ABOUT, goal: { atLeast: 1 }, samples: [1] }).reached, true);
  assert.equal(toRow({ ...ABOUT, goal: { atMost: 1 }, samples: [1] }).reached, true);
  assert.equal(toRow({ ...ABOUT, goal: { atMost: 1 }, samples: [1.001] }).reached, false);
});

test("a row is judged before its numbers are rounded", () => {
  const row = toRow({ ...ABOUT, goal: { atMost: 1 }, samples: [1.000_04] });

  assert.equal(row.median, 1);
  assert.equal(row.reached, false);
});

test("a row that only reports, and one that was not measured, are neither reached nor missed", () => {
  assert.equal(toRow({ ...ABOUT, goal: "report", samples: [1] }).reached, null);
  assert.deepEqual(toRow({ ...ABOUT, goal: { atMost: 1 }, samples: [] }), {
    ...ABOUT,
    median: null,
    min: null,
    max: null,
    goal: "<= 1",
    reached: null,
  });
});

test("the columns of the table line up", () => {
  const machine = { date: "2026-01-01", cpu: "x", cores: 2, memoryGib: 4, system: "Linux", loadBefore: 0 };
  const rows = [
    toRow({ ...ABOUT, goal: "report", samples: [1] }),
    toRow({ id: "a-longer-id", what: "w", goal: { atMost: 1 }, samples: [] }),
  ];

  const lines = reportText({ machine, versions: { node: "24" }, rows }).split("\n");

  const widths = new Set(lines.filter((line) => line.startsWith("|")).map((line) => line.length));
  assert.equal(widths.size, 1);
});

test("what was divided by nothing is no result, however large", () => {
  for (const sample of [Number.POSITIVE_INFINITY, Number.NaN]) {
    assert.throws(() => toRow({ ...ABOUT, goal: { atLeast: 3 }, samples: [5, sample, sample] }), {
      name: "RangeError",
      message: /^speed: .*nothing was counted/,
    });
  }
});
