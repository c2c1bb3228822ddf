import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { findStack, isBusy, stackCommand, waitCommand } from "./stack-states.ts";

/**
 * Returns the error for Ctrl-C: what goes on in AWS without this command, and how to follow it.
 *
 * @param again - The command that goes on from here.
 */
export async function interruption(
  cloudFormation: CloudFormationClient,
  deployment: Deployment,
  again: string,
): Promise<SealedError> {
  const busyStacks: { name: string; status: string }[] = [];
  try {
    for (const name of deployment.stackNames) {
      const status = (await findStack(cloudFormation, name))?.StackStatus ?? "";
      if (isBusy(status)) busyStacks.push({ name, status });
    }
  } catch (cause) {
    const mend = deployment.stackNames.map((name) => stackCommand("describe-stacks", name, deployment));
    return new SealedError(
      "SEALED_INTERRUPTED",
      `stopped here, and CloudFormation could not be asked whether it goes on: ${(cause as Error).message}`,
      { cause, mend },
    );
  }
  if (busyStacks.length === 0) {
    return new SealedError(
      "SEALED_INTERRUPTED",
      "stopped, and CloudFormation is not working on any stack; what was done stays, and the same command goes on from there",
      { mend: [again] },
    );
  }
  const list = busyStacks.map(({ name, status }) => `${name} (${status})`).join(", ");
  return new SealedError(
    "SEALED_INTERRUPTED",
    `stopped watching; CloudFormation goes on by itself with ${list}, and stacks after that are not begun`,
    { mend: busyStacks.flatMap(({ name, status }) => followCommands(name, status, deployment)) },
  );
}

function followCommands(name: string, status: string, deployment: Deployment): string[] {
  return [
    `${stackCommand("describe-stack-events", name, deployment)} --max-items 20`,
    waitCommand(name, status, deployment),
  ];
}
