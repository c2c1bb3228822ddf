import { parseArgs } from "node:util";

/** What a run shall do. */
export interface BenchOptions {
  /** Rows to measure; empty: all. */
  only: readonly string[];
  json: boolean;
  rounds: number;
  /** Length of one measured window. */
  seconds: number;
  /** A document that an earlier run with `--json` wrote, in place of measuring. */
  from: string | undefined;
  /** A page whose table is replaced. */
  into: string | undefined;
}

/** Wrong arguments; the message says which. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints, and what follows wrong arguments. */
export const USAGE = `usage: npm run bench -- [--only ID]... [--rounds N] [--seconds N] [--json]
                          [--from FILE] [--into PAGE] [--list]

  --only ID     measure this row only; may be given several times
  --rounds N    interleaved rounds of each comparison, default 5
  --seconds N   length of one measured window, default 2
  --json        print one JSON document
  --from FILE   measure nothing, and take the document of an earlier run
  --into PAGE   put the table into a page, between its two marks
  --list        print the ids of all rows`;

const DEFAULT_ROUNDS = 5;
const DEFAULT_SECONDS = 2;

/** Returns the options, or "help" or "list". @throws UsageError naming what is wrong. */
export function parseOptions(
  argv: readonly string[],
  knownIds: readonly string[],
): BenchOptions | "help" | "list" {
  const values = parse(argv);
  if (values.help === true) return "help";
  if (values.list === true) return "list";
  const only = values.only ?? [];
  const unknown = only.filter((id) => !knownIds.includes(id));
  if (unknown.length > 0) {
    throw new UsageError(`no row is called ${unknown.join(", ")}; there are ${knownIds.join(", ")}`);
  }
  return {
    only,
    json: values.json === true,
    rounds: positiveNumber("--rounds", values.rounds, DEFAULT_ROUNDS, Number.isInteger),
    seconds: positiveNumber("--seconds", values.seconds, DEFAULT_SECONDS, Number.isFinite),
    from: values.from,
    into: values.into,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: "string", multiple: true },
        rounds: { type: "string" },
        seconds: { type: "string" },
        from: { type: "string" },
        into: { type: "string" },
        json: { type: "boolean" },
        list: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function positiveNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  isRight: (value: number) => boolean,
): number {
  const value = text === undefined ? fallback : Number(text);
  if (isRight(value) && value > 0) return value;
  throw new UsageError(`${name} must be a number above 0, got "${text}"`);
}
