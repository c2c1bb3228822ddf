import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";

const page = new URL("../docs/explanation/database-faults.md", import.meta.url).pathname;
const CELL = /\| \[`([^`]+)`\]\(([^)]+)\): "([^"]+)" \|/;

test("every fault and every behaviour on the page is shown by a test that exists", () => {
  const rows = readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => /^\| (?!event|fault)/.test(line));

  assert.ok(rows.length > 60, `${rows.length} rows`);
  for (const row of rows) {
    const [, name, link, sentence] = CELL.exec(row) ?? [];
    assert.ok(name !== undefined && link !== undefined && sentence !== undefined, row);
    assert.ok(link.endsWith(`/${name}`), row);
    assert.ok(readFileSync(join(dirname(page), link), "utf8").includes(sentence), row);
  }
});
