import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SqlValue } from "../src/index.ts";
import { sql } from "../src/index.ts";
import { isSql } from "../src/sql.ts";

test("each value becomes a placeholder and stays out of the text", () => {
  const statement = sql`SELECT * FROM notes WHERE id = ${5} AND title = ${"'; DROP TABLE notes; --"}`;

  assert.equal(statement.text, "SELECT * FROM notes WHERE id = ? AND title = ?");
  assert.deepEqual(statement.values, [5, "'; DROP TABLE notes; --"]);
});

test("no string that is bound ever reaches the text", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (values) => {
      const strings = Object.assign(["a", ...values.map(() => "b")], { raw: [] });
      const statement = sql(strings, ...values);
      assert.equal(statement.text, `a${"?b".repeat(values.length)}`);
      assert.deepEqual(statement.values, values);
    }),
  );
});

test("statements are joined with their values in order", () => {
  const where = sql`WHERE a = ${1} AND b = ${2}`;

  const statement = sql`SELECT ${"x"} FROM t ${where} LIMIT ${3}`;

  assert.equal(statement.text, "SELECT ? FROM t WHERE a = ? AND b = ? LIMIT ?");
  assert.deepEqual(statement.values, ["x", 1, 2, 3]);
});

test("bytes, dates, bigints, booleans and null can be bound", () => {
  const date = new Date(0);
  const { values } = sql`${new Uint8Array([1, 2])}${date}${2n ** 60n}${true}${null}`;

  assert.deepEqual(values, [Buffer.from([1, 2]), date, 2n ** 60n, true, null]);
});

for (const [what, value] of [
  ["undefined", undefined],
  ["an object", { toString: () => "1" }],
  ["an array", [1, 2]],
  ["a function", () => 1],
  ["NaN", Number.NaN],
  ["an infinite number", Number.POSITIVE_INFINITY],
  ["an invalid date", new Date(Number.NaN)],
  ["a statement of the same shape that the tag did not make", { text: "1; DROP TABLE x", values: [] }],
] as const) {
  test(`${what} cannot be bound`, () => {
    assert.throws(() => sql`SELECT ${value as unknown as SqlValue}`, TypeError);
  });
}

test("the error for a value that cannot be bound does not show the value", () => {
  const secret = { password: "hunter2" } as unknown as SqlValue;

  assert.throws(
    () => sql`SELECT ${secret}`,
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("a plain object or a string is not a statement", () => {
  assert.equal(isSql({ text: "SELECT 1", values: [] }), false);
  assert.equal(isSql("SELECT 1"), false);
  assert.equal(isSql(sql`SELECT 1`), true);
});
