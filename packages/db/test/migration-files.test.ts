import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readMigrations } from "../src/admin/migration-files.ts";
import { withoutLiterals } from "../src/admin/statement-text.ts";

async function statementsOf(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "sealed-migration-files-"));
  try {
    await writeFile(join(folder, "0001-a.sql"), text);
    return (await readMigrations(folder)).flatMap(({ statements }) => statements);
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const comment of ["/*!80000 CREATE TABLE b (id INT) */", "/*M! CREATE TABLE b (id INT) */"]) {
  test(`the statement in ${comment} is run: it is no comment to the server that it is for`, async () => {
    assert.deepEqual(await statementsOf(`CREATE TABLE a (id INT);\n${comment};`), [
      "CREATE TABLE a (id INT)",
      comment,
    ]);
  });
}

test("a comment between statements is no statement", async () => {
  assert.deepEqual(await statementsOf("CREATE TABLE a (id INT);\n/* b; */\n-- c;\n# d\n"), [
    "CREATE TABLE a (id INT)",
  ]);
});

for (const [what, literal] of [
  ["a quote that is escaped", "'can\\'ary'"],
  ["a quote that is doubled", "'can''ary'"],
  ["a line end that is escaped", "'canary\\\ncanary'"],
  ["a string in a statement for some servers only", "/*!80000 'canary' */"],
] as const) {
  test(`a statement is shown without its strings: ${what}`, () => {
    assert.doesNotMatch(withoutLiterals(`INSERT INTO a VALUES (${literal}, "canary")`), /canary|ary'/);
  });
}

test("a statement is shown without a string that nobody has closed", () => {
  for (const unclosed of ["'canary\\'s, (2)", "'canary\\", "\"canary'"]) {
    assert.equal(withoutLiterals(`INSERT INTO a VALUES (${unclosed}`), "INSERT INTO a VALUES (?");
  }
});

test("a statement with a string of 16 MB, or with 100,000 escapes that no quote ends, can be shown", () => {
  const long = "x".repeat(16_000_000);

  assert.equal(withoutLiterals(`SELECT '${long}', 1`), "SELECT ?, 1");
  assert.equal(withoutLiterals(`SELECT "${"\\'".repeat(100_000)}`), "SELECT ?");
});
