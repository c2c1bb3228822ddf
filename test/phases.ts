import { globSync } from "node:fs";
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

/**
 * Returns what the arguments ask for: nothing for the quick tests, `--long` for the drills, `--all` for both and
 * the tests of `bench`, which needs its own dependencies. Files, relative to `cwd`, take the place of the patterns.
 *
 * @throws TypeError for an unknown option, and when a phase would be empty: a run of nothing proves nothing.
 */
export function phasesOf(args: readonly string[], root: string, cwd: string): Phase[] {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { long: { type: "boolean" }, all: { type: "boolean" } },
    allowPositionals: true,
  });
  if (positionals.length > 0) {
    const name = values.long ? "long" : "quick";
    return [{ name, ...RULES[name], files: positionals.map((file) => `${cwd}/${file}`) }];
  }
  const names: Phase["name"][] = values.all ? ["quick", "bench", "long"] : [values.long ? "long" : "quick"];
  return names.map((name) => ({ name, ...RULES[name], files: matching(name, root) }));
}

function matching(name: Phase["name"], root: string): string[] {
  const files = globSync(PATTERNS[name], { cwd: root });
  if (files.length === 0) throw new TypeError(`no file matches ${PATTERNS[name].join(" ")}`);
  // The end-to-end tests take longest: first in, so that they do not run alone at the end.
  const rank = (file: string) => (file.startsWith("tools/sandbox/") ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).map((file) => root + file);
}
