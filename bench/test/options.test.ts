import assert from "node:assert/strict";
import test from "node:test";
import { parseOptions, UsageError } from "../src/options.ts";

const IDS = ["one", "two"];

test("without options every row is measured in five rounds", () => {
  assert.deepEqual(parseOptions([], IDS), { only: [], json: false, rounds: 5, seconds: 2 });
});

test("--only may be given several times", () => {
  const options = parseOptions(["--only", "one", "--only", "two", "--json", "--rounds", "3"], IDS);

  assert.deepEqual(options, { only: ["one", "two"], json: true, rounds: 3, seconds: 2 });
});

test("a row that does not exist is refused with the names of those that do", () => {
  assert.throws(() => parseOptions(["--only", "three"], IDS), /three.*one, two/);
});

test("rounds that are no whole number above 0 are refused", () => {
  for (const rounds of ["0", "-1", "1.5", "many", ""]) {
    assert.throws(() => parseOptions([`--rounds=${rounds}`], IDS), UsageError, rounds);
  }
});

test("an unknown option is refused", () => {
  assert.throws(() => parseOptions(["--fast"], IDS), UsageError);
});
