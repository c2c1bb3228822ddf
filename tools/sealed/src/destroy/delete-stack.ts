import { type CloudFormationClient, DeleteStackCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { findStack } from "../deploy/stack-states.ts";
import type { DeploymentEvent } from "../events/deployment-event.ts";
import { follow } from "../events/follow.ts";
import { stackEvents } from "../events/stack-events.ts";
import type { System } from "../system.ts";

const POLL_MS = 5_000;

/** How the deletion of a stack is watched. */
export interface Watching {
  onEvent(event: DeploymentEvent): void;
  onTrouble(text: string): void;
  system: Pick<System, "pause">;
  /** Ends the watching; the deletion goes on. */
  signal: AbortSignal;
}

/** Deletes a stack and returns its last status, with the first failure where there was one. */
export async function deleteStack(
  cloudFormation: CloudFormationClient,
  { StackId: id = "", StackName: name = "" }: Stack,
  watching: Watching,
): Promise<{ status: string; failure: DeploymentEvent | undefined }> {
  const source = stackEvents(cloudFormation, id, name);
  await source.skipPast();
  let failure: DeploymentEvent | undefined;
  await cloudFormation.send(new DeleteStackCommand({ StackName: id }));
  const running = untilDeleted(cloudFormation, id, watching);
  await follow({
    sources: [source],
    until: running,
    onEvent(event) {
      if (event.failure !== undefined && !event.failure.isConsequence) failure ??= event;
      watching.onEvent(event);
    },
    onTrouble: watching.onTrouble,
    pause: watching.system.pause,
  });
  return { status: await running, failure };
}

async function untilDeleted(
  cloudFormation: CloudFormationClient,
  id: string,
  { system, signal }: Watching,
): Promise<string> {
  for (;;) {
    // First of all: a stack that failed to be deleted before says so until the new deletion has begun.
    await system.pause(POLL_MS, signal);
    const status = (await findStack(cloudFormation, id))?.StackStatus ?? "DELETE_COMPLETE";
    if (status === "DELETE_COMPLETE" || status === "DELETE_FAILED" || signal.aborted) return status;
  }
}
