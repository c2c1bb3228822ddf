import { resolve } from "node:path";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { environmentNames } from "@sealed/infra/names";
import { attend } from "../aws/attend.ts";
import { clientSettings } from "../aws/connect.ts";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { guardAccount } from "../deployment/account-guard.ts";
import { readDeployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { whichOne } from "../load-balancers/find-load-balancer.ts";
import { applySteps, stepText } from "./apply.ts";
import { type Balancer, instancePort, readBalancer } from "./balancer.ts";
import { type PinnedKey, readKeyFile } from "./key-file.ts";
import { planAttach, planDetach, planFinish, planRotation, type Step } from "./plan.ts";

/** What says which load balancer and which port. */
export interface BackendAuthOptions extends DeploymentOptions {
  environment?: string;
  loadBalancer?: string;
  port?: string;
}

/** What a change was asked for. */
export interface ChangeOptions extends BackendAuthOptions {
  apply: boolean;
}

/** What `rotate` was asked for: exactly one of them. */
export interface RotateOptions extends ChangeOptions {
  add?: string;
  finish?: true;
}

/** Pins the key of a file on an instance port that trusts every key so far. */
export async function runAttach(
  file: string,
  options: ChangeOptions,
  context: CommandContext,
): Promise<Outcome> {
  // Before AWS is asked anything: a file that cannot be used costs no call.
  const key = await readKeyFile(resolve(context.workingDirectory, file));
  return await change(options, context, {
    verb: "attach",
    notes: [`pins the ${key.origin}, ${key.fingerprint}`],
    key,
    plan: (balancer, port) => planAttach(balancer, port, key),
  });
}

/** Trusts a new key besides the old, or ends that. */
export async function runRotate(options: RotateOptions, context: CommandContext): Promise<Outcome> {
  const { add, finish } = options;
  if ((add === undefined) === (finish === undefined)) {
    throw new SealedError("SEALED_ARGUMENTS_INVALID", "rotate takes either --add FILE or --finish");
  }
  if (add === undefined) {
    return await change(options, context, {
      verb: "rotate --finish",
      notes: [
        "an instance that still serves the old key gets no request afterwards: check all of them first",
      ],
      plan: planFinish,
    });
  }
  const key = await readKeyFile(resolve(context.workingDirectory, add));
  return await change(options, context, {
    verb: "rotate --add",
    notes: [`trusts the ${key.origin}, ${key.fingerprint}, besides the keys of now`],
    key,
    plan: (balancer, port) => planRotation(balancer, port, key),
  });
}

/** Takes the pin away. */
export async function runDetach(options: ChangeOptions, context: CommandContext): Promise<Outcome> {
  return await change(options, context, {
    verb: "detach",
    notes: ["the load balancer takes any certificate of its instances afterwards"],
    plan: planDetach,
  });
}

/** Finds the load balancer that is meant, after checking the account. */
export async function findBalancer(options: BackendAuthOptions, context: CommandContext) {
  const asked = portOf(options.port);
  const deployment = await readDeployment(options, context);
  await guardAccount(deployment, context);
  const { loadBalancer, environment = environmentNames(deployment.config).environment } = options;
  const choice = { environment, ...(loadBalancer !== undefined && { loadBalancer }) };
  const { nameOrArn } = await whichOne(choice, deployment, context);
  const client = attend(new ElasticLoadBalancingClient(clientSettings(deployment)), context);
  const balancer = await readBalancer(client, /:loadbalancer\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn);
  return { client, balancer, asked };
}

interface Change {
  verb: string;
  notes: readonly string[];
  key?: PinnedKey;
  plan(balancer: Balancer, port: number): Step[];
}

async function change(
  options: ChangeOptions,
  context: CommandContext,
  { verb, notes, key, plan }: Change,
): Promise<Outcome> {
  const { client, balancer, asked } = await findBalancer(options, context);
  const port = instancePort(balancer, asked);
  const steps = plan(balancer, port);
  const isApplied = options.apply && steps.length > 0;
  context.reporter.line(`classic load balancer ${balancer.name}, instance port ${port}: ${notes.join("; ")}`);
  if (isApplied) {
    await context.reporter.step(verb, () => applySteps(client, { name: balancer.name, steps }, context));
  }
  return {
    exitCode: 0,
    summary: summary(steps, isApplied),
    document: {
      command: `backend-auth ${verb}`,
      loadBalancer: balancer.name,
      port,
      fingerprint: key?.fingerprint ?? null,
      isApplied,
      steps,
    },
  };
}

function summary(steps: readonly Step[], isApplied: boolean): string[] {
  if (steps.length === 0) return ["nothing to change: it is that way already"];
  if (isApplied) return [`changed in ${steps.length} steps, and read back after each`];
  return [
    "plan, in this order:",
    ...steps.map((step) => `  ${stepText(step)}`),
    "nothing was changed: add --apply to do this",
  ];
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `--port must be a whole number from 1 to 65535, got "${text}"`,
  );
}
