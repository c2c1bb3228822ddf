import type { CommandContext } from "../context.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { diagnoseAccount } from "./diagnose-account.ts";
import { explanation } from "./show-diagnosis.ts";

/**
 * Looks at the account as `doctor` does, and tells what is not well.
 *
 * @param despiteProblems - Tell problems and go on.
 * @throws SealedError SEALED_NOT_READY with every problem, and what mends it.
 */
export async function checkBeforeDeployment(
  deployment: Deployment,
  context: CommandContext,
  despiteProblems: boolean,
): Promise<void> {
  const diagnosis = await context.reporter.step("look at the AWS account", () =>
    diagnoseAccount(deployment, context, true),
  );
  // The version of the bootstrap stack is compared with what the templates say, once there are some.
  const findings = diagnosis.findings.filter(({ id }) => id !== "bootstrap");
  const problems = findings.filter(({ verdict }) => verdict === "problem");
  const isStopped = problems.length > 0 && !despiteProblems;
  // A problem that stops goes into the error, and need not be told twice.
  const told = isStopped ? findings.filter((finding) => !problems.includes(finding)) : findings;
  for (const line of told.flatMap(explanation)) context.reporter.line(line);
  if (!isStopped) return;
  const list = problems.flatMap((finding) =>
    finding.verdict === "ok" ? [] : [`- ${finding.subject}: ${finding.found}; ${finding.meaning}`],
  );
  throw new SealedError(
    "SEALED_NOT_READY",
    `doctor found what has to be mended before a deployment, or add --despite-problems:\n${list.join("\n")}`,
    { mend: problems.flatMap((finding) => (finding.verdict === "ok" ? [] : finding.mend)) },
  );
}
