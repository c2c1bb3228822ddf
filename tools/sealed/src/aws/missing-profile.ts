import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";

/**
 * Returns the error in better words when no credentials were found with a profile that was named: where there is no such
 * profile, signing in to it mends nothing.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export async function explainProfile(
  error: unknown,
  profileOption: string | undefined,
  environment: Environment,
): Promise<unknown> {
  if (!(error instanceof SealedError) || error.code !== "SEALED_CREDENTIALS_MISSING") return error;
  const profile = profileOption ?? environment.AWS_PROFILE;
  if (!profile) return error;
  const files = profileFiles(environment);
  if (files !== undefined && (await isMissing(profile, files))) {
    const where = profileOption === undefined ? " of AWS_PROFILE" : "";
    return missing(
      `there is no profile ${profile}${where} in ${files.join(" or ")}: name one that is there, or make it`,
      ["aws configure list-profiles", `aws configure sso --profile ${profile}`],
      error,
    );
  }
  return missing(error.message, [`aws sso login --profile ${profile}`], error);
}

function missing(message: string, mend: readonly string[], cause: SealedError): SealedError {
  return new SealedError("SEALED_CREDENTIALS_MISSING", message, { mend, cause });
}

/** Where the SDK looks; `undefined`: without a home nobody knows. */
function profileFiles(environment: Environment): [config: string, credentials: string] | undefined {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME } = environment;
  const config = AWS_CONFIG_FILE ?? (HOME && join(HOME, ".aws/config"));
  const credentials = AWS_SHARED_CREDENTIALS_FILE ?? (HOME && join(HOME, ".aws/credentials"));
  return config && credentials ? [config, credentials] : undefined;
}

async function isMissing(profile: string, files: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(files.map(textOf));
  return texts.every((text) => text !== undefined && !sections(text).includes(profile));
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
