import type { Machine } from "./machine.ts";
import type { Row } from "./row.ts";

/** Everything that one run says. */
export interface Report {
  machine: Machine;
  versions: Record<string, string>;
  rows: readonly Row[];
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
