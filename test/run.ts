/**
 * Runs every quick test of the repository once: `npm test`, or `npm test -- FILE...` for some of them. The drills
 * that take minutes: `npm run test:long`. Both, and the tests of `bench`: `npm test -- --all`.
 *
 * On top of Node's own runner it holds four rules: a file holds a test, nothing that a test prints may look like a
 * secret, a skipped test is named with its reason, and with `CI=true` a skipped test is a failure.
 * The last line counts the tests. Exit codes: 0 all passed, 1 something failed, 2 wrong arguments.
 */
import { Writable } from "node:stream";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { type Phase, phasesOf, UsageError } from "./phases.ts";
import { findSecrets } from "./secret-patterns.ts";
import { Tally } from "./tally.ts";

const root = new URL("..", import.meta.url).pathname;

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

async function runPhase(phase: Phase, tally: Tally, found: Set<string>): Promise<void> {
  const output = new ScannedOutput();
  const tests = run({
    files: phase.files,
    concurrency: phase.concurrency,
    cwd: root,
    timeout: phase.timeoutMs,
    execArgv: ["--import", `${root}test/only-loopback.ts`],
  });
  tally.follow(tests);
  const finished = new Promise((resolve) => output.once("finish", resolve));
  tests.compose(new spec()).pipe(output);
  await finished;
  for (const name of output.found) found.add(name);
}

async function runAll(phases: readonly Phase[], skippedTestsFail: boolean): Promise<number> {
  const tally = new Tally();
  const found = new Set<string>();
  for (const phase of phases) await runPhase(phase, tally, found);

  const problems = tally.problems({ skippedTestsFail });
  for (const name of found) problems.push(`the output of the suite holds a ${name}`);
  for (const line of [...tally.skippedTests, ...problems]) process.stdout.write(`${line}\n`);
  process.stdout.write(`${tally.summary(found.size)}\n`);
  return problems.length === 0 ? 0 : 1;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    return await runAll(phasesOf(args, root, process.cwd()), process.env.CI === "true");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
