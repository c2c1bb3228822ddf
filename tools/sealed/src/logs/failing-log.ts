/** The end of a log that tells why something failed. */
export interface FailingLog {
  /** File and instance, or log group. */
  name: string;
  lines: readonly string[];
}

/** Lines of a log that are shown. */
export const TAIL_LINES = 40;

/** Returns the last lines that are not empty. */
export function tailOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-TAIL_LINES);
}
