import assert from "node:assert/strict";
import test from "node:test";
import { tableLines } from "@sealed/console/table";

test("a table aligns its columns and has no line with colour or trailing spaces", () => {
  const lines = tableLines(
    [
      ["sgr-1", "needed", "the load balancer"],
      ["sgr-22", "less restrictive", ""],
    ],
    ["rule", "verdict", "reason"],
  );

  assert.deepEqual(lines, [
    "rule    verdict           reason",
    "sgr-1   needed            the load balancer",
    "sgr-22  less restrictive",
  ]);
});

test("a character of two places takes two places", () => {
  const lines = tableLines([
    ["日本", "a"],
    ["abcd", "b"],
  ]);

  assert.deepEqual(lines, ["日本  a", "abcd  b"]);
});

test("a table without rows has no line, not even of its columns", () => {
  assert.deepEqual(tableLines([], ["rule"]), []);
});
