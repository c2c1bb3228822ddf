import { SealedError } from "../errors.ts";
import type { Environment } from "../system.ts";
import { profileFiles, profileText } from "./profile-files.ts";

/** What the SDK says of a profile with `mfa_serial`. */
const ONE_TIME_CODE = /requires multi-factor authentication/;

/**
 * Returns the error in better words when no credentials were found with a profile: where there is none of that name, or
 * it asks for a one-time code, signing in to it mends nothing.
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
  if (ONE_TIME_CODE.test(error.message)) return withoutCode(profile || "default", error);
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

/**
 * The SDK asks nobody for a code; the AWS CLI does, and hands on what it was given for it. A profile that is still named
 * goes before that.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
 */
function withoutCode(profile: string, cause: SealedError): SealedError {
  return missing(
    `profile ${profile} asks for a one-time code, for which the AWS CLI can ask you: let it, and repeat without --profile`,
    [`eval "$(aws configure export-credentials --profile ${profile} --format env)"`, "unset AWS_PROFILE"],
    cause,
  );
}

function missing(message: string, mend: readonly string[], cause: SealedError): SealedError {
  return new SealedError("SEALED_CREDENTIALS_MISSING", message, { mend, cause });
}

async function isMissing(profile: string, files: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(files.map(profileText));
  return texts.every((text) => text !== undefined && !sections(text).includes(profile));
}

/** The configuration file calls a section `profile NAME`, the credentials file `NAME`. */
function sections(text: string): string[] {
  const headings = text.matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^\]\n"']+?)["']?[ \t]*\]/gm);
  return [...headings].map(([, name = ""]) => name);
}
