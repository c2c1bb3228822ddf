import type { Stack } from "@aws-sdk/client-cloudformation";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Progress } from "@sealed/console";
import type { CommandContext } from "../context.ts";
import { interruption } from "../deploy/interruption.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { type StackResource, stackResources } from "../deployment/stack-resources.ts";
import { SealedError } from "../errors.ts";
import type { DeploymentEvent } from "../events/deployment-event.ts";
import { tell } from "../events/tell.ts";
import { deleteStack } from "./delete-stack.ts";
import { emptyBucket } from "./empty-bucket.ts";
import { liftProtection, type ProtectingServices } from "./protection.ts";

/** Load balancers write access logs until they are gone, into a bucket that was empty a minute ago. */
const ROUNDS = 3;

/** The services that are needed to remove a deployment. */
export interface DestroyServices extends ProtectingServices {
  s3: S3Client;
}

/** What is removed, with what. */
export interface Removal {
  deployment: Deployment;
  services: DestroyServices;
  progress: Progress;
}

/** A stack that is gone, with what it held. */
export interface RemovedStack {
  name: string;
  resources: readonly StackResource[];
  events: readonly DeploymentEvent[];
}

/**
 * Removes one stack: lifts its protection, empties its buckets in a sandbox, and deletes it.
 *
 * @throws SealedError SEALED_DESTROY_FAILED, SEALED_INTERRUPTED
 */
export async function removeStack(
  stack: Stack,
  removal: Removal,
  context: CommandContext,
): Promise<RemovedStack> {
  const { deployment, services } = removal;
  const { reporter, system, signal } = context;
  const name = stack.StackName ?? "";
  const id = stack.StackId ?? name;
  const resources = await stackResources(services.cloudFormation, id);
  const isProtected = stack.EnableTerminationProtection === true;
  await liftProtection({ name, isProtected }, resources, services, reporter.line);
  const events: DeploymentEvent[] = [];
  const onEvent = (event: DeploymentEvent) => {
    events.push(event);
    tell(event, reporter, removal.progress);
  };
  const stopIfAsked = async () => {
    if (signal.aborted) throw await interruption(services.cloudFormation, deployment, "npx turbo destroy");
  };
  for (let round = 1; ; round++) {
    await stopIfAsked();
    await emptyBuckets(resources, removal, context);
    await stopIfAsked();
    const watching = { onEvent, onTrouble: reporter.line, system, signal };
    const { status, failure } = await deleteStack(services.cloudFormation, stack, watching);
    if (status === "DELETE_COMPLETE") return { name, resources, events };
    await stopIfAsked();
    const isBucket = failure?.failure?.resourceType === "AWS::S3::Bucket";
    if (!isBucket || round === ROUNDS || isProduction(deployment)) throw destroyFailed(name, status, failure);
    reporter.line(`  ${name}  a bucket was written to again: emptying it once more`);
  }
}

function isProduction({ config }: Deployment): boolean {
  return config.presetName === "production";
}

/** Never in production: there the buckets outlive their stack, with what they hold. */
async function emptyBuckets(
  resources: readonly StackResource[],
  { deployment, services }: Removal,
  { reporter, signal }: CommandContext,
): Promise<void> {
  if (isProduction(deployment)) return;
  for (const { type, name } of resources) {
    if (type !== "AWS::S3::Bucket") continue;
    const count = await emptyBucket(services.s3, name, deployment.config.account, signal);
    if (count > 0) reporter.line(`  ${name}  ${count} versions of objects deleted`);
  }
}

function destroyFailed(name: string, status: string, failure: DeploymentEvent | undefined): SealedError {
  const reason = failure === undefined ? status : failure.text;
  return new SealedError("SEALED_DESTROY_FAILED", `stack ${name} could not be deleted: ${reason}`, {
    mend: ["npx turbo destroy"],
  });
}
