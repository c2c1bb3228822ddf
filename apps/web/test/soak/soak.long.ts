import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "./soak.ts";
import { soakTable } from "./table.ts";

test("for a minute of requests, logins, tokens and certificates, what the app holds stays flat", async (t) => {
  const report = await soak({ forMs: 60_000, samples: 12 });

  for (const line of soakTable(report, 1)) t.diagnostic(line);
  assert.deepEqual(report.shortfalls, []);
  assert.equal(report.isFlat, true);
});

test("a leak of memory, files, listeners or timers is found, so that flat means something", async (t) => {
  const report = await soak({
    forMs: 18_000,
    samples: 8,
    leaks: ["memory", "files", "listeners", "timers"],
  });

  for (const line of soakTable(report, 0.3)) t.diagnostic(line);
  const growing = report.findings.filter(({ isFlat }) => !isFlat).map(({ measure }) => measure);
  assert.equal(report.isFlat, false);
  for (const measure of ["heapMib", "files", "listeners", "timers"]) {
    assert.ok((growing as string[]).includes(measure), measure);
  }
});
