import { clientSettings } from "../../aws/connect.ts";
import type { CredentialsEnd } from "../../aws/credentials-end.ts";
import { toSealedError } from "../../aws/explain-error.ts";
import { explainProfile } from "../../aws/missing-profile.ts";
import type { CommandContext } from "../../context.ts";
import type { Deployment } from "../../deployment/read-deployment.ts";
import { SealedError } from "../../errors.ts";
import { type Finding, ok, problem, warning } from "../finding.ts";

/** A first deployment takes up to 45 minutes: the database alone takes 15, twice that with a standby. */
const DEPLOYMENT_MINUTES = 60;

const WHEN_THEY_END = `a first deployment takes up to ${DEPLOYMENT_MINUTES} minutes; when the credentials end, CloudFormation goes on and nobody watches`;

/** What is known of the credentials: none at all, or a finding on those that there are. */
export type CredentialsFound = { found: false; error: SealedError } | { found: true; finding: Finding };

/** Looks for credentials where the SDK does, and at how long they last. */
export async function findCredentials(
  deployment: Deployment,
  { system, environment }: CommandContext,
): Promise<CredentialsFound> {
  try {
    const end = await system.credentialsEnd(clientSettings(deployment));
    return { found: true, finding: judge(end, system.now(), deployment) };
  } catch (error) {
    const known = await explainProfile(toSealedError(error, deployment), deployment.profile, environment);
    if (!(known instanceof SealedError)) throw error;
    if (known.code === "SEALED_CREDENTIALS_MISSING") return { found: false, error: known };
    return { found: true, finding: problem("not usable", known.message, known.mend) };
  }
}

function judge(end: CredentialsEnd, now: Date, { profile }: Deployment): Finding {
  if (end === undefined) return ok("there, without an end");
  if (end === "unknown") return warning("temporary, and nothing says when they end", WHEN_THEY_END);
  const minutes = Math.floor((end.getTime() - now.getTime()) / 60_000);
  const mend = [`aws sso login${profile === undefined ? "" : ` --profile ${profile}`}`];
  if (minutes <= 0) {
    return problem(`ended ${end.toISOString()}`, "AWS refuses everything until you sign in again", mend);
  }
  const found = `valid for ${minutes} more minutes`;
  if (minutes >= DEPLOYMENT_MINUTES) return ok(found);
  return warning(found, WHEN_THEY_END, mend);
}
