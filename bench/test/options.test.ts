import assert from "node:assert/strict";
import test from "node:test";
import { parseOptions, UsageError } from "../src/options.ts";

const IDS = ["one", "two"];
const DEFAULTS = { only: [], json: false, rounds: 5, seconds: 2, from: undefined, into: undefined };

test("without options every row is measured in five rounds", () => {
  assert.deepEqual(parseOptions([], IDS), { ...DEFAULTS });
});

test("--only may be given several times", () => {
  const options = parseOptions(["--only", "one", "--only", "two", "--json", "--rounds", "3"], IDS);

  assert.deepEqual(options, { ...DEFAULTS, only: ["one", "two"], json: true, rounds: 3 });
});

test("an earlier document can be taken, and put into a page", () => {
  const options = parseOptions(["--from", "bench.json", "--into", "page.md"], IDS);

  assert.deepEqual(options, { ...DEFAULTS, from: "bench.json", into: "page.md" });
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
