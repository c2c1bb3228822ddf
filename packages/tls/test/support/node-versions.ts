import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const FOLDER = join(import.meta.dirname, "..", "node-versions");
const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const MACHINE = `linux-${process.arch}`;

/** Returns the versions of Node that there are for this machine, fetched with npm at the first call. */
export async function fetchNodes(): Promise<string[]> {
  const { optionalDependencies } = JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")) as {
    optionalDependencies: Record<string, string>;
  };
  const names = Object.keys(optionalDependencies).filter((name) => name.endsWith(MACHINE));
  const versions = names.map((name) => name.replace("node-", "").replace(`-${MACHINE}`, ""));
  if (!versions.every((version) => existsSync(programOf(version)))) {
    await promisify(execFile)("npm", ["ci", "--loglevel=error"], { cwd: FOLDER });
  }
  return versions;
}

/** What a run of test files under another Node ended with. */
export interface Verdict {
  readonly version: string;
  readonly openssl: string;
  readonly passed: number;
  /** Names of the tests, or of files that could not be read. */
  readonly failed: string[];
}

/** Runs files of this package's tests, given without their ending, under another Node. */
export async function runUnder(version: string, files: readonly string[]): Promise<Verdict> {
  const program = programOf(version);
  const versions = await promisify(execFile)(program, ["-p", "JSON.stringify(process.versions)"]);
  const { node, openssl } = JSON.parse(versions.stdout) as NodeJS.ProcessVersions;
  // A run within a run would report to the outer one, in a form of its own.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const loopback = join(ROOT, "test", "only-loopback.ts");
  const tests = files.map((file) => join(import.meta.dirname, "..", `${file}.test.ts`));
  const runner = ["--test", "--test-reporter=tap", "--test-concurrency=2"];
  const child = spawn(program, [`--import=${loopback}`, ...runner, ...tests], {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await text(child.stdout);
  const failed = [...output.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name = ""]) => name);
  return { version: node, openssl, passed: Number(/^# pass (\d+)$/m.exec(output)?.[1]), failed };
}

function programOf(version: string): string {
  return join(FOLDER, "node_modules", `node-${version}-${MACHINE}`, "bin", "node");
}
