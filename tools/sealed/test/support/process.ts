import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

const PROGRAM = join(import.meta.dirname, "../../bin/sealed.ts");

/** A folder that is gone after the tests; it is the home of the processes, so that no credentials are found. */
export const folder = mkdtempSync(join(tmpdir(), "sealed-process-"));
after(() => rmSync(folder, { recursive: true }));

/** How a process is run. */
interface ProcessOptions {
  environment?: Record<string, string>;
  nodeOptions?: string[];
  /** The process gets Ctrl-C, or the other signal, when this is done. */
  interrupt?: Promise<unknown>;
  signal?: NodeJS.Signals;
}

/** Runs `sealed` as a process of its own, in an environment with nothing of this machine's. */
export async function sealedProcess(
  args: readonly string[],
  { environment = {}, nodeOptions = [], interrupt, signal = "SIGINT" }: ProcessOptions = {},
): Promise<{ exitCode: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], {
    env: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: "true", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  interrupt?.then(() => child.kill(signal), assert.fail);
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, output, errors };
}
