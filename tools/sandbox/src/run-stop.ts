import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError } from "./errors.ts";
import type { SandboxPaths } from "./paths.ts";
import { forgetDead, identify, type ProcessRecord, readRecord } from "./process-record.ts";

// An instance may drain for 5 s and the database may write its pages for 20 s.
const STOP_WITHIN_MS = 40_000;
const POLL_MS = 50;

/** Ends a running sandbox and returns its address once all of it is gone; undefined when nothing runs. */
export async function runStop(paths: SandboxPaths): Promise<string | undefined> {
  const record = await readRecord(paths.recordFile);
  if (record !== undefined) await endSupervisor(record);
  // What a killed supervisor left behind; a living one has removed both by now.
  if ((await readRecord(paths.recordFile)) === undefined) await rm(paths.stateFile, { force: true });
  await forgetDead(paths.recordFile);
  return record?.url;
}

async function endSupervisor({ pid, startTicks }: ProcessRecord): Promise<void> {
  process.kill(pid, "SIGTERM");
  const deadline = performance.now() + STOP_WITHIN_MS;
  while (performance.now() < deadline) {
    if ((await identify(pid))?.startTicks !== startTicks) return;
    await delay(POLL_MS);
  }
  throw new SandboxError(
    "SANDBOX_STOP_FAILED",
    `the sandbox (pid ${pid}) did not end within ${STOP_WITHIN_MS / 1_000} s; end it with: kill -9 ${pid}`,
  );
}
