import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";

/**
 * Returns the error in better words when no credentials were found because the profile does not exist: signing in to it
 * mends nothing.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export async function explainProfile(
  error: unknown,
  profileOption: string | undefined,
  environment: Environment,
): Promise<unknown> {
  if (!(error instanceof SealedError) || error.code !== "SEALED_CREDENTIALS_MISSING") return error;
  const { AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME } = environment;
  const profile = profileOption ?? AWS_PROFILE;
  const config = AWS_CONFIG_FILE ?? (HOME && join(HOME, ".aws/config"));
  const credentials = AWS_SHARED_CREDENTIALS_FILE ?? (HOME && join(HOME, ".aws/credentials"));
  if (!profile || !config || !credentials) return error;
  const texts = await Promise.all([config, credentials].map(textOf));
  if (texts.some((text) => text === undefined || sections(text).includes(profile))) return error;
  return new SealedError(
    "SEALED_CREDENTIALS_MISSING",
    `there is no profile ${profile} in ${config} or ${credentials}: name one that is there, or make it`,
    { mend: ["aws configure list-profiles", `aws configure sso --profile ${profile}`], cause: error },
  );
}

/** A file that is not there has no profiles; of one that cannot be read nothing is known. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "" : undefined;
  }
}

/** The configuration file calls a section `profile NAME`, the credentials file `NAME`. */
function sections(text: string): string[] {
  const headings = text.matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^\]\n"']+?)["']?[ \t]*\]/gm);
  return [...headings].map(([, name = ""]) => name);
}
