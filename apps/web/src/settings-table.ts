import type { Setting } from "./settings.ts";

const COLUMNS = ["Name", "Type", "Default", "Required", "Meaning"] as const;

/** Returns settings as a Markdown table whose columns line up. */
export function settingsTable(settings: readonly Setting[]): string {
  const rows = [COLUMNS, ...settings.map(cellsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function cellsOf(setting: Setting): string[] {
  const { name, default: value, requiredWhen = "", meaning, weakens } = setting;
  const warning = weakens === undefined ? "" : ` **Weakens security:** ${weakens}.`;
  return [
    `\`${name}\``,
    typeOf(setting),
    value === undefined ? "" : `\`${value}\``,
    requiredWhen,
    meaning + warning,
  ];
}

function typeOf({ type, choices, min, max }: Setting): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(", ");
  if (min !== undefined) return `${type}, ${min} to ${max}`;
  return { list: "comma list", file: "path" }[type as string] ?? type;
}
