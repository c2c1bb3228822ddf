import { CloudFormationClient, type Stack } from "@aws-sdk/client-cloudformation";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { findStack } from "../deploy/stack-states.ts";
import { guardAccount } from "../deployment/account-guard.ts";
import { type Deployment, readDeployment } from "../deployment/read-deployment.ts";
import { type DestroyPermission, guardDestruction, guardIdle, wantedUntil } from "./guards.ts";
import { type Leftover, leftBehind, sharedByTheAccount } from "./leftovers.ts";
import { type DestroyServices, type RemovedStack, removeStack } from "./remove-stack.ts";

/** What `sealed destroy` was asked for. */
export interface DestroyOptions extends DeploymentOptions, DestroyPermission {
  expiredOnly: boolean;
}

/** Removes the deployment without asking, and lists what it leaves and why. */
export async function runDestroy(options: DestroyOptions, context: CommandContext): Promise<Outcome> {
  const { reporter } = context;
  const deployment = await readDeployment(options, context);
  guardDestruction(deployment, options);
  await guardAccount(deployment, context);
  const services = connect(deployment, context);
  const stacks = await existingStacks(services.cloudFormation, deployment, context.signal);
  guardIdle(stacks, deployment);
  const wanted = options.expiredOnly ? stillWanted(stacks, context.system.now()) : undefined;
  if (wanted !== undefined) {
    return outcome(deployment, { removed: [], left: [], says: `nothing removed: ${wanted}` });
  }
  const removed: RemovedStack[] = [];
  // What stands on another stack goes first.
  for (const stack of stacks.toReversed()) {
    removed.push(
      await reporter.step(`remove ${stack.StackName}`, (progress) =>
        removeStack(stack, { deployment, services, progress }, context),
      ),
    );
  }
  const resources = removed.flatMap((stack) => stack.resources);
  const events = removed.flatMap((stack) => stack.events);
  const left = [...(await leftBehind(resources, events, services.rds)), ...sharedByTheAccount(deployment)];
  const says = removed.length === 0 ? "nothing to remove: there is no stack" : `removed ${names(removed)}`;
  return outcome(deployment, { removed, left, says });
}

function connect(deployment: Deployment, { reporter }: CommandContext): DestroyServices {
  const settings = clientSettings(deployment);
  return {
    cloudFormation: tellTrouble(new CloudFormationClient(settings), reporter.line),
    rds: tellTrouble(new RDSClient(settings), reporter.line),
    loadBalancing: tellTrouble(new ElasticLoadBalancingV2Client(settings), reporter.line),
    s3: tellTrouble(new S3Client(settings), reporter.line),
  };
}

async function existingStacks(
  cloudFormation: CloudFormationClient,
  { stackNames }: Deployment,
  signal: AbortSignal,
): Promise<Stack[]> {
  const found: Stack[] = [];
  for (const name of stackNames) {
    const stack = await findStack(cloudFormation, name, signal);
    if (stack !== undefined) found.push(stack);
  }
  return found;
}

function stillWanted(stacks: readonly Stack[], now: Date): string | undefined {
  const until = wantedUntil(stacks);
  if (until === undefined) return stacks.length === 0 ? undefined : "the stacks carry no time to live";
  return until > now ? `wanted until ${until.toISOString()}` : undefined;
}

interface Result {
  removed: readonly RemovedStack[];
  left: readonly Leftover[];
  says: string;
}

function outcome({ config }: Deployment, { removed, left, says }: Result): Outcome {
  const { account, region, presetName: preset } = config;
  return {
    exitCode: 0,
    summary: [
      ...(left.length === 0 ? [] : ["left behind:"]),
      ...left.map(({ what, name, why }) => `  ${what} ${name}: ${why}`),
      says,
    ],
    document: { command: "destroy", account, region, preset, removed: removed.map(({ name }) => name), left },
  };
}

function names(removed: readonly RemovedStack[]): string {
  return removed.map(({ name }) => name).join(", ");
}
