import { rm } from "node:fs/promises";
import { SandboxError } from "./errors.ts";
import type { SandboxPaths } from "./paths.ts";
import { readRecord } from "./process-record.ts";

/**
 * Removes everything that `npm start` has made: packages, private CA, data, logs.
 *
 * @throws SandboxError SANDBOX_ALREADY_RUNNING while the path is up.
 */
export async function runReset(paths: SandboxPaths): Promise<void> {
  const record = await readRecord(paths.recordFile);
  if (record !== undefined) {
    throw new SandboxError(
      "SANDBOX_ALREADY_RUNNING",
      `${record.url} is up (pid ${record.pid}): end it first with: npm run stop`,
    );
  }
  await rm(paths.directory, { recursive: true, force: true });
}
