import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../system.ts";

/**
 * Returns where the SDK looks for profiles; `undefined`: without a home nobody knows.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export function profileFiles(environment: Environment): [config: string, credentials: string] | undefined {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME } = environment;
  const config = AWS_CONFIG_FILE ?? (HOME && join(HOME, ".aws/config"));
  const credentials = AWS_SHARED_CREDENTIALS_FILE ?? (HOME && join(HOME, ".aws/credentials"));
  return config && credentials ? [config, credentials] : undefined;
}

/** Returns what a file of profiles says: nothing where it is not there; `undefined`: it cannot be read. */
export async function profileText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "" : undefined;
  }
}
