import { existsSync, globSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** Test files that run under the same rules. */
export interface Phase {
  name: "quick" | "bench" | "long";
  /** Absolute paths, in the order in which they start. */
  files: string[];
  /** Files that run at once. */
  concurrency: number;
  /** Safety net for a test that hangs; far above what any test of the phase needs. */
  timeoutMs: number;
}

const RULES = {
  quick: { concurrency: 2, timeoutMs: 240_000 },
  bench: { concurrency: 2, timeoutMs: 240_000 },
  // A drill loads the machine and looks at times: it runs alone.
  long: { concurrency: 1, timeoutMs: 1_200_000 },
} as const;

const PATTERNS: Record<Phase["name"], string[]> = {
  quick: ["{apps,packages,tools}/*/test/**/*.test.ts", "infra/test/**/*.test.ts", "test/*.test.ts"],
  bench: ["bench/test/**/*.test.ts"],
  long: ["{apps,packages,tools}/*/test/**/*.long.ts", "infra/test/**/*.long.ts", "test/*.long.ts"],
};

/** Wrong arguments; the message says which. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Returns what the arguments ask for: nothing for the quick tests, `--long` for the drills, `--all` for both and
 * the tests of `bench`, which needs its own dependencies. Files, relative to `cwd`, take the place of the patterns.
 *
 * @throws UsageError for an unknown option or a file that is not there, and when a phase would be empty: a run of nothing proves nothing.
 */
export function phasesOf(args: readonly string[], root: string, cwd: string): Phase[] {
  const { values, positionals } = parse(args);
  if (positionals.length > 0) {
    const name = values.long ? "long" : "quick";
    return [{ name, ...RULES[name], files: positionals.map((file) => existing(resolve(cwd, file))) }];
  }
  const names: Phase["name"][] = values.all ? ["quick", "bench", "long"] : [values.long ? "long" : "quick"];
  return names.map((name) => ({ name, ...RULES[name], files: matching(name, root) }));
}

function parse(args: readonly string[]) {
  const options = { long: { type: "boolean" }, all: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function existing(file: string): string {
  if (existsSync(file)) return file;
  throw new UsageError(`there is no test file ${file}; name files from the folder you are in`);
}

function matching(name: Phase["name"], root: string): string[] {
  const files = globSync(PATTERNS[name], { cwd: root });
  if (files.length === 0) throw new UsageError(`no file matches ${PATTERNS[name].join(" ")}`);
  // The end-to-end tests take longest: first in, so that they do not run alone at the end.
  const rank = (file: string) => (file.startsWith("tools/sandbox/") ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).map((file) => root + file);
}
