import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("..", import.meta.url).pathname;
const ROW = /^\| \S.* \| \[`([^`]+)`\]\(([^)]+)\): "(.+)" \|$/;

test("every claim of the evidence page is shown by a test or a property that exists", () => {
  const lines = readFileSync(`${root}/docs/reference/evidence.md`, "utf8").split("\n");
  const rows = lines.filter((line) => /^\| (?!claim|---)/.test(line) && !line.startsWith("|---"));

  assert.ok(rows.length > 40);
  for (const row of rows) {
    const [, file, link, sentence] = ROW.exec(row) ?? [];
    assert.ok(file !== undefined && sentence !== undefined, row);
    assert.equal(link, `../../${file}`);
    assert.ok(readFileSync(`${root}/${file}`, "utf8").includes(sentence), row);
  }
});
