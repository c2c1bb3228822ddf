import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../lib/controls/catalogue.ts";
import { controlRows, controlsPage, statusCounts } from "../lib/controls/report.ts";
import { sarifLog } from "../lib/controls/sarif.ts";

/** Prints the controls and writes them as a page, as JSON and as SARIF. */
const root = join(import.meta.dirname, "../..");
const rows = controlRows(catalogue);
const directory = join(root, "infra/dist");
mkdirSync(directory, { recursive: true });
writeFileSync(join(root, "docs/reference/controls.md"), controlsPage(catalogue));
writeFileSync(join(directory, "controls.json"), `${JSON.stringify(rows, null, 2)}\n`);
writeFileSync(join(directory, "controls.sarif"), `${JSON.stringify(sarifLog(rows), null, 2)}\n`);
for (const { framework, id, status, demand } of rows) {
  process.stdout.write(`${framework.padEnd(26)} ${id.padEnd(44)} ${status.padEnd(18)} ${demand}\n`);
}
process.stdout.write(`${rows.length} ids: ${JSON.stringify(statusCounts(rows))}\n`);
