import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { Reporter } from "@sealed/console";
import { errorInText } from "../aws/explain-error.ts";
import { failureOf } from "../deployment/cdk.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import type { ChildResult } from "../system.ts";
import type { FailureReport, FailureWatch } from "./failure-watch.ts";
import { checkStackStates } from "./stack-states.ts";

/** A deployment that failed. */
export interface FailedDeployment {
  result: ChildResult;
  watch: FailureWatch;
  deployment: Deployment;
  clients: { cloudFormation: CloudFormationClient };
}

/** Shows the end of the failing log and returns the error: what failed first, and how to go on. */
export async function failed(
  { result, watch, deployment, clients }: FailedDeployment,
  reporter: Reporter,
): Promise<SealedError> {
  const report = await watch.report();
  for (const { name, lines } of report.logs) {
    reporter.line([`the end of ${name}:`, ...lines.map((line) => `    ${line}`)].join("\n"));
  }
  const { cause } = report;
  const said = failureOf(result);
  // Nothing failed in a stack: then it did not come to that, and the CDK's command knows why.
  const known = cause === undefined ? errorInText(said, deployment) : undefined;
  if (known !== undefined) return known;
  const reason = cause === undefined ? said : `${cause.origin}: ${cause.text}`;
  return new SealedError(
    "SEALED_DEPLOY_FAILED",
    `the deployment to ${deployment.region} failed: ${reason}${hintAt(report)}`,
    { mend: await wayOn(clients.cloudFormation, deployment) },
  );
}

function hintAt({ logs, trouble }: FailureReport): string {
  if (logs.length > 0) return " (the end of its log is above)";
  return trouble === undefined ? "" : ` (its log could not be fetched: ${trouble})`;
}

/** What CloudFormation left behind decides what has to be done before the next deployment. */
async function wayOn(
  cloudFormation: CloudFormationClient,
  deployment: Deployment,
): Promise<readonly string[]> {
  try {
    await checkStackStates(cloudFormation, deployment);
  } catch (error) {
    if (error instanceof SealedError) return error.mend;
  }
  return ["npx turbo deploy"];
}
