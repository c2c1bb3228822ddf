import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { type Report, readPage, readReport, reportText, withReport } from "../src/report.ts";

const report: Report = {
  machine: { date: "2026-01-02", cpu: "C", cores: 2, memoryGib: 4, system: "Linux 6", loadBefore: 0.1 },
  versions: { node: "24.0.0" },
  rows: [{ id: "a", what: "first (x)", median: 1, min: 0.9, max: 1.1, goal: "<= 1.2", reached: true }],
};
const PAGE = "# Title\n\n<!-- bench: begin -->\nold\n<!-- bench: end -->\n\nAfter.\n";

test("the text of a report holds machine, versions and a table", () => {
  const text = reportText(report);

  assert.match(text, /^2026-01-02, C, 2 cores, 4 GiB, Linux 6, load 0.1 before\nnode 24.0.0\n/);
  assert.match(text, /^\| a +\| first \(x\) \| 1 +\| 0.9 \| 1.1 \| <= 1.2 \| yes +\|$/m);
});

test("a report replaces what stands between the marks of a page, and nothing else", () => {
  const page = withReport(PAGE, report);

  assert.match(page, /^# Title\n\n<!-- bench: begin -->\n\n2026-01-02/);
  assert.match(page, /\|\n\n<!-- bench: end -->\n\nAfter\.\n$/);
  assert.doesNotMatch(page, /old/);
  assert.equal(withReport(page, report), page);
});

test("a page is read if it has the marks, and no other", (t) => {
  const file = fileWith(t, PAGE);

  assert.equal(readPage(file), PAGE);
  assert.throws(() => readPage(fileWith(t, "# Title\n")), { name: "UsageError", message: /bench: begin/ });
  assert.throws(() => readPage(`${file}.not-there`), { name: "UsageError", message: /--into: ENOENT/ });
});

test("a document of an earlier run is read, and nothing else", (t) => {
  assert.deepEqual(readReport(fileWith(t, JSON.stringify(report))), report);

  for (const text of ["> bench\n{}", "{}", "[]"]) {
    assert.throws(() => readReport(fileWith(t, text)), {
      name: "UsageError",
      message: /^--from: .+ --json > FILE$/s,
    });
  }
});

test("a wrong page ends with 2 before anything is measured", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const args = [main, "--into", "no-such-page.md"];

  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });

  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^--into: ENOENT.+\nusage:/);
});

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "file");
  writeFileSync(file, text);
  return file;
}
