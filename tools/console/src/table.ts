import Table from "cli-table3";

/** No lines: what is aligned is read as a table, and each line can be cut by other programs. */
const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/**
 * Returns the lines of a table: columns are aligned, also where a character takes two places of the terminal.
 *
 * @param rows - All of the same length.
 * @param head - Names of the columns; none: no line for them.
 */
export function tableLines(rows: readonly (readonly string[])[], head: readonly string[] = []): string[] {
  if (rows.length === 0) return [];
  const table = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
