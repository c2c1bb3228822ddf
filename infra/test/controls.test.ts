import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { catalogue } from "../lib/controls/catalogue.ts";
import { controlRows, controlsPage } from "../lib/controls/report.ts";
import { sarifLog } from "../lib/controls/sarif.ts";
import { properties } from "../lib/properties/index.ts";

test("every control that counts as met names properties that are checked", () => {
  const known = properties.map(({ id }) => id);

  for (const { ids, status, by = [] } of catalogue) {
    if (status.startsWith("met")) assert.ok(by.length > 0, `${ids.join(", ")} is met by nothing`);
    for (const id of by)
      assert.ok(known.includes(id), `${ids.join(", ")} is met by "${id}", which is no property`);
  }
});

test("every control that is not met says why", () => {
  for (const { ids, status, reason } of catalogue) {
    if (status !== "met") assert.ok((reason ?? "").length > 10, `${ids.join(", ")} has no reason`);
  }
});

test("every control that the bundle meets names a file that is there", () => {
  for (const { status, reason = "" } of catalogue) {
    if (status === "bundle") assert.ok(existsSync(new URL(`../../${reason}`, import.meta.url)), reason);
  }
});

test("no id is answered twice", () => {
  const ids = catalogue.flatMap((control) => control.ids);

  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
});

test("the page in the docs is what `npm run controls` writes", () => {
  const page = new URL("../../docs/reference/controls.md", import.meta.url);

  assert.equal(readFileSync(page, "utf8"), controlsPage(catalogue), "run npm run controls");
});

test("SARIF has one rule and one result for each id, and passes only what is met", () => {
  const rows = controlRows(catalogue);
  const [run] = (
    sarifLog(rows) as {
      runs: { tool: { driver: { rules: unknown[] } }; results: { ruleId: string; kind: string }[] }[];
    }
  ).runs;

  assert.equal(run?.tool.driver.rules.length, rows.length);
  assert.deepEqual(
    run?.results.map(({ ruleId, kind }) => [ruleId, kind]),
    rows.map(({ id, status }) => [id, status === "met" ? "pass" : "review"]),
  );
});
