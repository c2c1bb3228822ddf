import { isIP } from "node:net";
import { environmentNames } from "@sealed/infra/names";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext } from "../context.ts";
import { guardAccount } from "../deployment/account-guard.ts";
import { readDeployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { findLoadBalancer } from "../load-balancers/find-load-balancer.ts";
import { checkKept } from "./plan.ts";
import { ec2Client, readSurvey } from "./survey.ts";

/** What `audit` and `lockdown` both take. */
export interface GroupOptions extends DeploymentOptions {
  environment?: string;
  loadBalancer?: string;
  clients?: string[];
  keep: string[];
  shared: string[];
  ingressOnly: boolean;
}

/**
 * Checks the options, finds the load balancer and looks at the groups behind it.
 *
 * @throws SealedError
 */
export async function surveyFor(options: GroupOptions, context: CommandContext) {
  checkRanges(options.clients);
  checkIds(options);
  const deployment = await readDeployment(options, context);
  await guardAccount(deployment, context);
  const choice = {
    environment: options.environment ?? environmentNames(deployment.config).environment,
    ...(options.loadBalancer !== undefined && { loadBalancer: options.loadBalancer }),
  };
  const clients =
    options.clients ?? (isForeign(options) ? undefined : (await context.loadSettings()).clients);
  return await context.reporter.step("read the security groups", async () => {
    const loadBalancer = await findLoadBalancer(choice, deployment, context);
    const ec2 = ec2Client(deployment, context);
    const survey = await readSurvey(ec2, loadBalancer, clients);
    checkKept(options.keep, survey);
    return { ec2, survey };
  });
}

/** The clients of the settings are those of the deployment: to another load balancer they would be let in anew. */
function isForeign({ environment, loadBalancer }: GroupOptions): boolean {
  return environment !== undefined || loadBalancer !== undefined;
}

/** Ids of EC2, and what stands for a rule's where a cloud has none: the group, then what it says. */
const RULE_ID = /^(sgr-[\w-]+|sg-[\w-]+:(in|e)gress:.+)$/;
const GROUP_ID = /^sg-[\w-]+$/;

function checkIds({ keep, shared }: GroupOptions): void {
  const wrongRules = keep.filter((id) => !RULE_ID.test(id));
  const wrongGroups = shared.filter((id) => !GROUP_ID.test(id));
  if (wrongRules.length > 0) {
    throw wrongId("--keep must list ids of rules such as sgr-0123456789abcdef0", wrongRules);
  }
  if (wrongGroups.length > 0) {
    throw wrongId("--shared must list ids of groups such as sg-0123456789abcdef0", wrongGroups);
  }
}

function wrongId(says: string, wrong: readonly string[]): SealedError {
  return new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `${says}, got ${wrong.join(", ")}: npx sealed audit lists them`,
  );
}

function checkRanges(clients: readonly string[] = []): void {
  const wrong = clients.filter((range) => {
    const [address = "", prefix = "", rest] = range.split("/");
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return rest !== undefined || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits;
  });
  if (wrong.length === 0) return;
  throw new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `--clients must list address ranges such as 203.0.113.0/24 or 2001:db8::/32, got ${wrong.join(", ")}`,
  );
}
