import { readFileSync } from "node:fs";
import type { Machine } from "./machine.ts";
import { UsageError } from "./options.ts";
import type { Row } from "./row.ts";

/** Everything that one run says. */
export interface Report {
  machine: Machine;
  versions: Record<string, string>;
  rows: readonly Row[];
}

/** Stand around the report in a page. */
const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/** Returns the report that a run with `--json` wrote into a file. @throws UsageError for any other file. */
export function readReport(file: string): Report {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;
    if (report.machine && report.versions && Array.isArray(report.rows)) return report;
  } catch (cause) {
    throw new UsageError(`--from: ${(cause as Error).message}; ${WHERE_FROM}`, { cause });
  }
  throw new UsageError(`--from: "${file}" holds no machine, versions and rows; ${WHERE_FROM}`);
}

const WHERE_FROM = "a run with --json writes such a document: npm run --silent bench -- --json > FILE";

/** Returns the text of a page that has the marks. @throws UsageError for any other. */
export function readPage(file: string): string {
  try {
    const page = readFileSync(file, "utf8");
    if (page.indexOf(BEGIN) >= 0 && page.indexOf(END) > page.indexOf(BEGIN)) return page;
  } catch (cause) {
    throw new UsageError(`--into: ${(cause as Error).message}`, { cause });
  }
  throw new UsageError(
    `--into: "${file}" must hold the lines "${BEGIN}" and "${END}"; the table goes between them`,
  );
}

/** Returns a page, as `readPage` gives it, with the report in place of what stood between its marks. */
export function withReport(page: string, report: Report): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  return `${page.slice(0, begin)}${BEGIN}\n\n${reportText(report)}\n${page.slice(end)}`;
}

const COLUMNS = ["id", "what", "median", "min", "max", "goal", "reached"] as const;

/** Returns the report as text: machine, versions, and a Markdown table whose columns line up. */
export function reportText({ machine, versions, rows }: Report): string {
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, ` +
      `load ${machine.loadBefore} before`,
    versionList.join(", "),
    "",
    table(rows),
    "",
  ].join("\n");
}

function table(rows: readonly Row[]): string {
  const body = rows.map((row) => COLUMNS.map((column) => cell(row[column])));
  const lines = [[...COLUMNS], ...body];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (cells: readonly string[]) =>
    `| ${cells.map((value, column) => value.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [text([...COLUMNS]), text(rule), ...body.map(text)].join("\n");
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
