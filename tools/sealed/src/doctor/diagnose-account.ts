import { toSealedError } from "../aws/explain-error.ts";
import type { CommandContext } from "../context.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { type Account, openAccount, readStanding } from "./account.ts";
import { type Check, lookAt } from "./check.ts";
import { ebsEncryptionCheck, publicAccessCheck } from "./checks/account-settings.ts";
import { bootstrapCheck } from "./checks/bootstrap.ts";
import { certificateCheck } from "./checks/certificate.ts";
import { clockCheck } from "./checks/clock.ts";
import { findCredentials } from "./checks/credentials.ts";
import { databaseEngineCheck } from "./checks/database-engine.ts";
import { identityCheck } from "./checks/identity.ts";
import { platformCheck } from "./checks/platform.ts";
import { quotaChecks } from "./checks/quotas.ts";
import { ACCOUNT, type Diagnosis, type NamedFinding, ok, problem } from "./finding.ts";

const REST = "quotas, encryption, platform, database engine, certificate";

/**
 * Looks at the account that the settings name: clock, credentials, then everything that a deployment needs.
 *
 * @param isWanted - Whether missing credentials are a problem, or a reason to look at nothing.
 */
export async function diagnoseAccount(
  deployment: Deployment,
  context: CommandContext,
  isWanted: boolean,
): Promise<Diagnosis> {
  const credentials = await findCredentials(deployment, context);
  if (!credentials.found && !isWanted) {
    return { findings: [], notLookedAt: [{ what: ACCOUNT, why: "no credentials were found" }] };
  }
  const clock = await lookAt(clockCheck(deployment, context), deployment);
  const finding = credentials.found
    ? credentials.finding
    : problem("none", credentials.error.message, credentials.error.mend);
  const findings: NamedFinding[] = [clock, { ...finding, id: "credentials", subject: "AWS credentials" }];
  if (finding.verdict === "problem") return stoppedAt(findings, "there are no credentials to ask with");
  const identity = identityCheck(deployment, context, (error) => toSealedError(error, deployment));
  const account = await lookAt(identity, deployment);
  findings.push(account);
  if (account.verdict === "unchecked") return stoppedAt(findings, "AWS does not say whose account it is");
  if (account.verdict !== "ok") return stoppedAt(findings, "the account is not the configured one");
  return await diagnoseInside(findings, deployment, context);
}

function stoppedAt(findings: NamedFinding[], why: string): Diagnosis {
  return { findings, notLookedAt: [{ what: REST, why }] };
}

async function diagnoseInside(
  findings: NamedFinding[],
  deployment: Deployment,
  context: CommandContext,
): Promise<Diagnosis> {
  const account = openAccount(deployment, context);
  const stacks = await lookAt(standingCheck(account), deployment);
  const { checks, notLookedAt } = insideChecks(account);
  const found = await Promise.all(checks.map((check) => lookAt(check, deployment)));
  return { findings: [...findings, stacks, ...found], notLookedAt };
}

/** Looks which stacks stand, for the other checks too: what stands needs no more room. */
function standingCheck(account: Account): Check {
  return {
    id: "stacks",
    subject: "stacks of this deployment",
    async look() {
      account.standing = await readStanding(account);
      const names = Object.entries(account.standing).flatMap(([name, stands]) => (stands ? [name] : []));
      return ok(names.length === 0 ? "none yet" : names.join(", "));
    },
  };
}

function insideChecks(account: Account): { checks: Check[]; notLookedAt: Diagnosis["notLookedAt"] } {
  const always = [
    bootstrapCheck(account),
    ...quotaChecks(account),
    ebsEncryptionCheck(account),
    publicAccessCheck(account),
    platformCheck(account),
    databaseEngineCheck(account),
  ];
  return account.standing.web
    ? { checks: [...always, certificateCheck(account)], notLookedAt: [] }
    : { checks: always, notLookedAt: [{ what: "certificate", why: "no load balancer is known to stand" }] };
}
