import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Reporter } from "@sealed/console";
import { SandboxError } from "./errors.ts";
import { checkStartOptions, type StartOptions } from "./options.ts";
import { createParts, type Parts } from "./parts.ts";
import type { SandboxPaths } from "./paths.ts";
import { claim } from "./process-record.ts";
import { publicUrl, startSandbox } from "./sandbox.ts";
import { writeState } from "./state.ts";

/** What a command needs from the outside. */
export interface CommandContext {
  paths: SandboxPaths;
  /** See `StartContext`. */
  packagesDir: string;
  workingDirectory: string;
  reporter: Reporter;
  /** Aborted by the first signal to stop. */
  signal: AbortSignal;
}

/**
 * Brings the path up, supervises it until `context.signal` is aborted, and takes it down again.
 *
 * @throws SandboxError when it did not get ready or when a part ended by itself; everything is stopped by then.
 */
export async function runStart(options: StartOptions, context: CommandContext): Promise<void> {
  checkStartOptions(options);
  const { paths, reporter } = context;
  const claimed = await claim(paths.recordFile, publicUrl(options));
  const parts = createParts();
  try {
    // Left by a supervisor that was killed: nothing in it is true any more.
    await rm(paths.stateFile, { force: true });
    await forgetLogs(paths);
    await bringUp(options, context, parts);
    await Promise.race([aborted(context.signal), parts.failure]);
    reporter.line("stopping");
  } finally {
    await rm(paths.stateFile, { force: true });
    await parts.close();
    await rm(paths.run, { recursive: true, force: true });
    await claimed.release();
  }
}

async function bringUp(options: StartOptions, context: CommandContext, parts: Parts): Promise<void> {
  const { paths, reporter, signal } = context;
  try {
    const state = await startSandbox({ ...context, options, parts });
    signal.throwIfAborted();
    await writeState(paths.stateFile, state);
    reporter.line(`ready ${state.url}`);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SandboxError("SANDBOX_INTERRUPTED", "stopped before it was ready", { cause: error });
  }
}

// Logs are of one run; the one of a detached supervisor is its own output and stays.
async function forgetLogs({ logs }: SandboxPaths): Promise<void> {
  const names = await readdir(logs).catch(() => []);
  await Promise.all(names.filter((name) => name !== "sandbox.log").map((name) => rm(join(logs, name))));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
