import { parseArgs } from "node:util";

const DEFAULT_MINUTES = 20;

/** What `--help` prints, and what follows wrong arguments. */
export const USAGE = `usage: npm run soak -- [--minutes N]

Keeps the app busy while tokens, connections and certificates come and go a hundred times as fast, and says what grew.

  --minutes N   how long, default ${DEFAULT_MINUTES}; less than a minute tells little

exit codes: 0 everything stayed flat and nothing failed, 1 otherwise, 2 wrong arguments`;

/** Wrong arguments; the message says which. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Returns how many minutes to soak, or "help". @throws UsageError naming what is wrong. */
export function parseOptions(args: readonly string[]): { minutes: number } | "help" {
  const { minutes = String(DEFAULT_MINUTES), help } = parse(args);
  if (help === true) return "help";
  if (Number(minutes) > 0 && Number.isFinite(Number(minutes))) return { minutes: Number(minutes) };
  throw new UsageError(`--minutes takes a number above 0, got "${minutes}"`);
}

function parse(args: readonly string[]) {
  try {
    const options = { minutes: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}
