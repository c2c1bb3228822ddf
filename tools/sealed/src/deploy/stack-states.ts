import { type CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError, type SealedErrorCode } from "../errors.ts";

/**
 * Returns the stack, or `undefined` when there is none of that name.
 *
 * @param name - Its name, or its id, by which a deleted stack is found too.
 * @param signal - Stops the asking.
 */
export async function findStack(
  cloudFormation: CloudFormationClient,
  name: string,
  signal?: AbortSignal,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }), {
      ...(signal && { abortSignal: signal }),
    });
    return Stacks?.[0];
  } catch (error) {
    // How CloudFormation says that there is no such stack.
    if (error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** Tells whether CloudFormation is working on the stack. */
export function isBusy(status: string): boolean {
  // A stack in review has a change set and nothing else: nobody works on it.
  return status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
}

interface State {
  code: SealedErrorCode;
  what: string;
  mend(command: (verb: string) => string): string[];
}

const REMOVE_FIRST: Pick<State, "code" | "mend"> = {
  code: "SEALED_STACK_BROKEN",
  mend: (command) => [command("delete-stack"), command("wait stack-delete-complete"), "npx turbo deploy"],
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const STATES: Readonly<Record<string, State>> = {
  ROLLBACK_COMPLETE: {
    ...REMOVE_FIRST,
    what: "was never made: its first deployment failed and was rolled back, and such a stack can only be deleted",
  },
  ROLLBACK_FAILED: {
    ...REMOVE_FIRST,
    what: "was never made, and what its first deployment left could not be removed",
  },
  CREATE_FAILED: { ...REMOVE_FIRST, what: "was never made: its first deployment failed" },
  DELETE_FAILED: {
    code: "SEALED_STACK_BROKEN",
    what: "could be deleted only in part",
    mend: () => ["npx turbo destroy"],
  },
  UPDATE_FAILED: {
    code: "SEALED_STACK_BROKEN",
    what: "stopped in the middle of an update",
    mend: (command) => [
      command("rollback-stack"),
      command("wait stack-rollback-complete"),
      "npx turbo deploy",
    ],
  },
  UPDATE_ROLLBACK_FAILED: {
    code: "SEALED_STACK_BROKEN",
    what: "stopped in the middle of taking an update back",
    mend: (command) => [
      command("continue-update-rollback"),
      command("wait stack-rollback-complete"),
      "npx turbo deploy",
    ],
  },
};

/**
 * Checks that every stack of the deployment can be deployed: absent, or in a state that can be updated.
 *
 * @throws SealedError SEALED_STACK_BUSY, SEALED_STACK_BROKEN
 */
export async function checkStackStates(
  cloudFormation: CloudFormationClient,
  deployment: Deployment,
  signal?: AbortSignal,
): Promise<void> {
  for (const name of deployment.stackNames) {
    const status = (await findStack(cloudFormation, name, signal))?.StackStatus;
    if (status === undefined) continue;
    if (isBusy(status)) throw busy(name, status, deployment);
    const state = STATES[status];
    if (state === undefined) continue;
    throw new SealedError(state.code, `stack ${name} ${state.what} (${status})`, {
      mend: state.mend((verb) => stackCommand(verb, name, deployment)),
    });
  }
}

/** Returns the error for a stack that somebody is working on. */
export function busy(name: string, status: string, deployment: Deployment): SealedError {
  return new SealedError(
    "SEALED_STACK_BUSY",
    `stack ${name} is being changed already (${status}): wait until it is done, then repeat`,
    { mend: [waitCommand(name, status, deployment)] },
  );
}

/** Returns the AWS command that ends when the stack does what its state says no more. */
export function waitCommand(name: string, status: string, deployment: Deployment): string {
  const waiter = [
    { pattern: /^(CREATE|IMPORT|ROLLBACK)/, until: "stack-create-complete" },
    { pattern: /^DELETE/, until: "stack-delete-complete" },
    { pattern: /^UPDATE_ROLLBACK/, until: "stack-rollback-complete" },
  ].find(({ pattern }) => pattern.test(status));
  return stackCommand(`wait ${waiter?.until ?? "stack-update-complete"}`, name, deployment);
}

/** Returns a command of the AWS CLI about the stack. */
export function stackCommand(verb: string, name: string, { region, profile }: Deployment): string {
  const account = profile === undefined ? "" : ` --profile ${profile}`;
  return `aws cloudformation ${verb} --stack-name ${name} --region ${region}${account}`;
}
