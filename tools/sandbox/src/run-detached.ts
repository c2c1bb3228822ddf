import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { checkStartOptions, type StartOptions } from "./options.ts";
import { logFile } from "./paths.ts";
import { alreadyRunning, readRecord } from "./process-record.ts";
import type { CommandContext } from "./run-start.ts";

const POLL_MS = 50;
const READ_BYTES = 65_536;

/**
 * Starts the supervisor as a process of its own and returns its exit code, or undefined once it is ready.
 * What it writes until then is passed on line by line.
 *
 * @param command - How to call this program without `--detach`.
 */
export async function runDetached(
  options: StartOptions,
  context: CommandContext,
  command: { args: readonly string[]; env: NodeJS.ProcessEnv },
): Promise<number | undefined> {
  checkStartOptions(options);
  const running = await readRecord(context.paths.recordFile);
  if (running !== undefined) throw alreadyRunning(running);
  await mkdir(context.paths.logs, { recursive: true });
  const file = logFile(context.paths, "sandbox");
  const output = openSync(file, "w", 0o600);
  const child = spawn(process.execPath, command.args, {
    env: command.env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const stop = () => child.kill("SIGTERM");
  context.signal.addEventListener("abort", stop);
  const exited = once(child, "close").then(([code]) => (code as number | null) ?? 1);
  try {
    return await followUntilReady(file, exited, context);
  } finally {
    context.signal.removeEventListener("abort", stop);
    child.unref();
  }
}

async function followUntilReady(
  file: string,
  exited: Promise<number>,
  { reporter }: CommandContext,
): Promise<number | undefined> {
  let exitCode: number | undefined;
  void exited.then((code) => {
    exitCode = code;
  });
  const lines = openLines(file);
  try {
    for (;;) {
      // Asked before the lines are read: what a process wrote before its end is in the file by then.
      const ended = exitCode;
      for (const line of lines.next()) {
        reporter.line(line);
        if (line.startsWith("ready ")) return undefined;
      }
      if (ended !== undefined) return ended;
      await delay(POLL_MS);
    }
  } finally {
    lines.close();
  }
}

// Returns the complete lines that a file gained since the last call.
function openLines(file: string): { next(): string[]; close(): void } {
  const input = openSync(file, "r");
  const bytes = Buffer.alloc(READ_BYTES);
  let rest = "";
  return {
    next() {
      const count = readSync(input, bytes, 0, bytes.length, null);
      const lines = (rest + bytes.toString("utf8", 0, count)).split("\n");
      rest = lines.pop() ?? "";
      return lines;
    },
    close: () => closeSync(input),
  };
}
