import type { Stack } from "@aws-sdk/client-cloudformation";
import { busy, isBusy } from "../deploy/stack-states.ts";
import { type Deployment, guardProduction } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";

const HOUR_MS = 3_600_000;
const TTL_TAG = "sealed:ttl-hours";

/** What has to be said before production is removed. */
export interface DestroyPermission {
  production: boolean;
  deleteProductionStacks: boolean;
}

/**
 * Refuses production without both flags, and a sandbox with one of them.
 *
 * @throws SealedError SEALED_PRODUCTION_REFUSED
 */
export function guardDestruction(deployment: Deployment, allowed: DestroyPermission): void {
  guardProduction(deployment, allowed.production);
  if (allowed.production === allowed.deleteProductionStacks) return;
  throw new SealedError(
    "SEALED_PRODUCTION_REFUSED",
    allowed.production
      ? "destroy would switch off the deletion protection of production and delete its stacks: add --delete-production-stacks if that is what you mean"
      : "--delete-production-stacks was given without --production: leave it out",
  );
}

/**
 * Refuses to delete while CloudFormation works on one of the stacks; a deletion under way is welcome.
 *
 * @throws SealedError SEALED_STACK_BUSY
 */
export function guardIdle(stacks: readonly Stack[], deployment: Deployment): void {
  for (const { StackName: name = "", StackStatus: status = "" } of stacks) {
    if (isBusy(status) && status !== "DELETE_IN_PROGRESS") throw busy(name, status, deployment);
  }
}

/** Returns until when the stacks are wanted; `undefined` where they carry no time to live. */
export function wantedUntil(stacks: readonly Stack[]): Date | undefined {
  const ends = stacks.flatMap(({ CreationTime, Tags = [] }) => {
    const hours = Number(Tags.find(({ Key }) => Key === TTL_TAG)?.Value);
    return CreationTime === undefined || Number.isNaN(hours)
      ? []
      : [CreationTime.getTime() + hours * HOUR_MS];
  });
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}
