import assert from "node:assert/strict";
import test from "node:test";
import { type Report, reportText, withReport } from "../src/report.ts";

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

test("a page without marks is refused", () => {
  assert.throws(() => withReport("# Title\n", report), /bench: begin/);
});
