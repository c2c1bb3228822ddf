import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import test from "node:test";
import { Tally } from "./tally.ts";

/** Lets a phase report tests that ended as told. */
function phase(tally: Tally, ended: { pass?: object[]; fail?: object[] }): void {
  const tests = new EventEmitter();
  tally.follow(tests);
  for (const event of ended.pass ?? []) tests.emit("test:pass", { name: "a test", details: {}, ...event });
  for (const event of ended.fail ?? []) tests.emit("test:fail", { name: "a test", details: {}, ...event });
}

test("the last line is the sum of all phases", () => {
  const tally = new Tally();

  phase(tally, { pass: [{}, {}, { skip: "no browser" }] });
  phase(tally, { pass: [{}], fail: [{}] });

  assert.equal(tally.summary(), "3 passed, 1 failed, 1 skipped");
  assert.deepEqual(tally.skippedTests, ["skipped: a test (no browser)"]);
});

test("suites are not counted, and a file that holds no test is a problem of its own", () => {
  const tally = new Tally();

  phase(tally, { pass: [{}, { details: { type: "suite" } }, { name: "a.test.ts", file: "a.test.ts" }] });

  assert.equal(tally.summary(), "1 passed, 0 failed, 0 skipped");
  assert.deepEqual(tally.problems({ skippedTestsFail: false }), ["a.test.ts holds no test"]);
});

test("a run of nothing is a problem", () => {
  assert.deepEqual(new Tally().problems({ skippedTestsFail: false }), ["no test ran"]);
});

test("a failure in any phase is a problem, and in CI a skipped test is one too", () => {
  const failed = new Tally();
  phase(failed, { fail: [{}] });
  phase(failed, { pass: [{}] });
  const skipped = new Tally();
  phase(skipped, { pass: [{}, { todo: true }] });

  assert.deepEqual(failed.problems({ skippedTestsFail: false }), ["1 failed"]);
  assert.deepEqual(skipped.problems({ skippedTestsFail: false }), []);
  assert.equal(skipped.problems({ skippedTestsFail: true }).length, 1);
});
