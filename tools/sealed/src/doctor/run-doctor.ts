import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { readDeployment } from "../deployment/read-deployment.ts";
import { lookAt } from "./check.ts";
import { diagnoseAccount } from "./diagnose-account.ts";
import { ACCOUNT, type Diagnosis, exitCodeOf, worst } from "./finding.ts";
import { machineChecks } from "./machine-checks.ts";
import { diagnosisLines } from "./show-diagnosis.ts";

/** What `sealed doctor` was asked for. */
export interface DoctorOptions extends DeploymentOptions {
  /** Missing credentials are a problem. */
  aws?: true;
  /** Nothing is asked of AWS. */
  local: boolean;
}

/** Looks at the machine and at the account, changes nothing, and says what stands in the way and what mends it. */
export async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<Outcome> {
  const deployment = await readDeployment(options, context);
  const { reporter, system } = context;
  const machine = await reporter.step("look at this machine", async () => {
    const checks = machineChecks(await system.machine(context.environment));
    return await Promise.all(checks.map((check) => lookAt(check, deployment)));
  });
  const account: Diagnosis = options.local
    ? { findings: [], notLookedAt: [{ what: ACCOUNT, why: "--local" }] }
    : await reporter.step("look at the AWS account", () =>
        diagnoseAccount(deployment, context, isAccountMeant(options, context)),
      );
  const diagnosis = { findings: [...machine, ...account.findings], notLookedAt: account.notLookedAt };
  const verdict = worst(diagnosis.findings);
  return {
    exitCode: exitCodeOf(verdict),
    summary: diagnosisLines(diagnosis),
    document: { command: "doctor", verdict, ...diagnosis },
  };
}

/** Who names credentials or a cloud asks about an account; else none may be wanted at all. */
function isAccountMeant(
  { aws, profile, endpointUrl }: DoctorOptions,
  { environment: { AWS_PROFILE = "" } }: CommandContext,
): boolean {
  return aws === true || profile !== undefined || endpointUrl !== undefined || AWS_PROFILE !== "";
}
