import {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  type ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";
import { type Balancer, readBalancer } from "./balancer.ts";
import type { Step } from "./plan.ts";
import { isSamePolicy, POLICY_TYPES, type Policy } from "./policy.ts";

/** A change shows at once or within seconds. */
const READS = 5;
const READ_PAUSE_MS = 1_000;

/** What the service says when a change itself is wrong. */
const REFUSALS =
  /^(InvalidConfigurationRequest|TooManyPolicies|PolicyNotFound|PolicyTypeNotFound|ValidationError)/;

/**
 * Takes one step after the other, and reads each back before the next.
 *
 * @throws SealedError SEALED_BACKEND_AUTH_FAILED, SEALED_INTERRUPTED
 */
export async function applySteps(
  client: ElasticLoadBalancingClient,
  { name, steps }: { name: string; steps: readonly Step[] },
  { reporter, signal, system }: CommandContext,
): Promise<void> {
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      await takeStep(client, name, step);
      await untilShown(client, { name, step }, { signal, system });
      reporter.line(`  done and read back  ${stepText(step)}`);
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    throw new SealedError(
      "SEALED_INTERRUPTED",
      "stopped between two steps: repeat the command, and it goes on from there",
    );
  }
}

async function takeStep(client: ElasticLoadBalancingClient, name: string, step: Step): Promise<void> {
  try {
    await take(client, name, step);
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.test(error.name))) throw error;
    const says = `(AWS: ${error.name}: ${error.message})`;
    throw failed(`load balancer ${name} refused: ${stepText(step)} ${says}`, error);
  }
}

async function untilShown(
  client: ElasticLoadBalancingClient,
  { name, step }: { name: string; step: Step },
  { signal, system }: Pick<CommandContext, "signal" | "system">,
): Promise<void> {
  for (let read = 1; !shows(await readBalancer(client, name), step); read++) {
    signal.throwIfAborted();
    if (read === READS) {
      throw failed(`load balancer ${name} does not show after ${read} reads: ${stepText(step)}`);
    }
    await system.pause(READ_PAUSE_MS, signal);
  }
}

async function take(client: ElasticLoadBalancingClient, name: string, step: Step): Promise<void> {
  const LoadBalancerName = name;
  switch (step.do) {
    case "create":
      await create(client, name, step.policy);
      return;
    case "set":
      await client.send(
        new SetLoadBalancerPoliciesForBackendServerCommand({
          LoadBalancerName,
          InstancePort: step.port,
          PolicyNames: [...step.policyNames],
        }),
      );
      return;
    case "delete":
      await client.send(
        new DeleteLoadBalancerPolicyCommand({ LoadBalancerName, PolicyName: step.policy.name }),
      );
      return;
  }
}

async function create(client: ElasticLoadBalancingClient, name: string, policy: Policy): Promise<void> {
  try {
    await client.send(new CreateLoadBalancerPolicyCommand({ LoadBalancerName: name, ...toInput(policy) }));
  } catch (error) {
    // The answer to a first attempt was lost, or somebody else was faster: reading it back tells whether it is the same.
    if (!(error instanceof Error && error.name.startsWith("DuplicatePolicyName"))) throw error;
  }
}

function toInput({ name, kind, values }: Policy) {
  const { type, attribute } = POLICY_TYPES[kind];
  return {
    PolicyName: name,
    PolicyTypeName: type,
    PolicyAttributes: values.map((value) => ({ AttributeName: attribute, AttributeValue: value })),
  };
}

function shows({ policies, onPort }: Balancer, step: Step): boolean {
  switch (step.do) {
    case "create":
      return policies.some((policy) => policy.name === step.policy.name && isSamePolicy(policy, step.policy));
    case "set":
      return String([...(onPort.get(step.port) ?? [])].sort()) === String([...step.policyNames].sort());
    case "delete":
      return !policies.some((policy) => policy.name === step.policy.name);
  }
}

/** Returns a step in words. */
export function stepText(step: Step): string {
  switch (step.do) {
    case "create":
      return step.policy.kind === "key"
        ? `create key policy ${step.policy.name}`
        : `create authentication policy ${step.policy.name} that trusts ${step.policy.values.join(" and ")}`;
    case "set":
      return step.policyNames.length === 0
        ? `set no policy on instance port ${step.port}`
        : `set ${step.policyNames.join(", ")} on instance port ${step.port}`;
    case "delete":
      return `delete policy ${step.policy.name}, which nothing uses any more`;
  }
}

function failed(message: string, cause?: unknown): SealedError {
  return new SealedError("SEALED_BACKEND_AUTH_FAILED", message, { cause });
}
