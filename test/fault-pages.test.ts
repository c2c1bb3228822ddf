import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";

const PAGES = [
  { name: "database-faults.md", fewestRows: 60 },
  { name: "https-faults.md", fewestRows: 45 },
];
const TEST = /\[`([^`]+)`\]\(([^)]+)\): "([^"]+)"/g;

for (const { name, fewestRows } of PAGES) {
  test(`every fault and every behaviour of ${name} is shown by a test that exists`, () => {
    const page = new URL(`../docs/explanation/${name}`, import.meta.url).pathname;
    const rows = readFileSync(page, "utf8")
      .split("\n")
      .filter((line) => /^\| (?!event|fault)/.test(line));

    assert.ok(rows.length > fewestRows, `${rows.length} rows`);
    for (const row of rows) {
      const tests = [...row.matchAll(TEST)];
      assert.ok(tests.length > 0, row);
      for (const [, file, link, sentence] of tests as unknown as [string, string, string, string][]) {
        assert.ok(link.endsWith(`/${file}`), row);
        assert.ok(readFileSync(join(dirname(page), link), "utf8").includes(sentence), row);
      }
    }
  });
}
