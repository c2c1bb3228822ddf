import { readFileSync } from "node:fs";
import type { Machine } from "./machine.ts";
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

/** Returns the report that a run with `--json` wrote into a file. */
export function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}

/** Returns a page with the report in place of what stood between its marks. @throws Error for a page without them. */
export function withReport(page: string, report: Report): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page must hold the lines "${BEGIN}" and "${END}"`);
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
