import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ServersError } from "../errors.ts";
import type { Progress } from "./progress.ts";

const WAIT_NOTICE_MS = 500;

/**
 * Runs `work` while no other process runs work under the same lock file; others wait.
 *
 * The lock is the kernel's own (flock), held by a small child that ends with this process: a crash frees it, and
 * there is no stale file to judge.
 *
 * @throws AbortError when `signal` fires while it waits.
 * @see https://man7.org/linux/man-pages/man1/flock.1.html
 */
export async function exclusively<T>(
  lockFile: string,
  work: () => Promise<T>,
  { progress = () => undefined, signal }: { progress?: Progress; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  await mkdir(dirname(lockFile), { recursive: true, mode: 0o700 });
  const holder = spawn("flock", [lockFile, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    // A session of its own: Ctrl-C on the terminal reaches only this process, which then ends its work in order.
    detached: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const gone = once(holder, "close").catch(unlessMissing);
  try {
    await acquired(holder.stdout, gone, lockFile, progress);
    return await work();
  } finally {
    // At the end of its input, cat ends; so it does when this process dies.
    holder.stdin.end();
    await gone;
  }
}

// Without flock there is nothing to wait for, and nothing was written.
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

async function acquired(
  stdout: NodeJS.ReadableStream,
  gone: Promise<unknown>,
  lockFile: string,
  progress: Progress,
): Promise<void> {
  const quick = new AbortController();
  const notice = delay(WAIT_NOTICE_MS, undefined, { signal: quick.signal }).then(
    () => progress("another process prepares the servers; waiting for it"),
    () => undefined,
  );
  const held = await Promise.race([once(stdout, "data"), gone.then(() => undefined)]);
  quick.abort();
  await notice;
  if (held !== undefined) return;
  throw new ServersError("SERVERS_COMMAND_FAILED", `cannot lock ${lockFile} with flock (package util-linux)`);
}
