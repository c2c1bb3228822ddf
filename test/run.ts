/**
 * Runs every test of the repository once: `npm test`, or `npm test -- FILE...` for some of them.
 *
 * On top of Node's own runner it holds three rules: nothing that a test prints may look like a
 * secret, a skipped test is named with its reason, and with `CI=true` a skipped test is a failure.
 * The last line counts the tests.
 */
import { globSync } from "node:fs";
import { Writable } from "node:stream";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { findSecrets } from "./secret-patterns.ts";
import { Tally } from "./tally.ts";

const root = new URL("..", import.meta.url).pathname;

/** Safety net for a test that hangs; far above what any test needs. */
const TEST_TIMEOUT_MS = 240_000;

/** Longest secret shape plus a line: what is kept from one chunk to the next, so that none is cut in two. */
const SCAN_OVERLAP_CHARACTERS = 4_096;

/** Passes text on to standard output and notes each secret shape that it sees. */
class ScannedOutput extends Writable {
  readonly found = new Set<string>();
  #tail = "";

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const text = this.#tail + chunk.toString("utf8");
    for (const name of findSecrets(text)) this.found.add(name);
    this.#tail = text.slice(-SCAN_OVERLAP_CHARACTERS);
    process.stdout.write(chunk, done);
  }
}

function testFiles(wanted: readonly string[]): string[] {
  if (wanted.length > 0) return wanted.map((file) => `${process.cwd()}/${file}`);
  // The end-to-end tests take longest: first in, so that they do not run alone at the end.
  const rank = (file: string) => (file.startsWith("tools/sandbox/") ? 0 : 1);
  return globSync(
    ["{apps,packages,tools}/*/test/**/*.test.ts", "infra/test/**/*.test.ts", "test/*.test.ts"],
    { cwd: root },
  )
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((file) => root + file);
}

async function main(wanted: readonly string[], skippedTestsFail: boolean): Promise<number> {
  const tally = new Tally();
  const output = new ScannedOutput();
  const tests = run({
    files: testFiles(wanted),
    concurrency: 2,
    cwd: root,
    timeout: TEST_TIMEOUT_MS,
    execArgv: ["--import", `${root}test/only-loopback.ts`],
  });
  tally.follow(tests);
  const finished = new Promise((resolve) => output.once("finish", resolve));
  tests.compose(new spec()).pipe(output);
  await finished;

  const problems = tally.problems({ skippedTestsFail });
  for (const name of output.found) problems.push(`the output of the suite holds a ${name}`);
  for (const line of [...tally.skippedTests, ...problems]) process.stdout.write(`${line}\n`);
  process.stdout.write(`${tally.summary(output.found.size)}\n`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2), process.env.CI === "true");
