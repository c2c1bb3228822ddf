import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { guardAccount } from "../deployment/account-guard.ts";
import { type Assembly, environmentNameIn } from "../deployment/assembly.ts";
import { checkBootstrap, checkBootstrapVersion } from "../deployment/bootstrap.ts";
import { buildAssembly } from "../deployment/build-assembly.ts";
import { DEPLOY, runCdk } from "../deployment/cdk.ts";
import {
  type Deployment,
  guardProduction,
  guardRegion,
  readDeployment,
} from "../deployment/read-deployment.ts";
import { showDifference } from "../deployment/run-diff.ts";
import { checkBeforeDeployment } from "../doctor/before-deployment.ts";
import { environmentEvents } from "../events/environment-events.ts";
import type { EventSource } from "../events/event-source.ts";
import { follow } from "../events/follow.ts";
import { stackEvents } from "../events/stack-events.ts";
import { tell } from "../events/tell.ts";
import { failed } from "./failed.ts";
import { watchFailures } from "./failure-watch.ts";
import { interruption } from "./interruption.ts";
import { judgeHops } from "./judge-hops.ts";
import { readOutputs } from "./outputs.ts";
import { checkStackStates } from "./stack-states.ts";

/** Events older than this cannot be of this deployment; a clock that is off by more is refused by AWS. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** What `sealed deploy` was asked for. */
export interface DeployOptions extends DeploymentOptions {
  production: boolean;
  /** Goes on although `doctor` found what is likely to make the deployment fail. */
  despiteProblems: boolean;
}

interface Clients {
  cloudFormation: CloudFormationClient;
  beanstalk: ElasticBeanstalkClient;
  logs: CloudWatchLogsClient;
}

/** Builds, shows what would change, deploys it without asking, and tells what happens until it is done. */
export async function runDeploy(options: DeployOptions, context: CommandContext): Promise<Outcome> {
  const { reporter } = context;
  const deployment = await readDeployment(options, context);
  guardRegion(deployment);
  guardProduction(deployment, options.production);
  await guardAccount(deployment, context);
  const clients = connect(deployment, context);
  const bootstrap = await checkBootstrap(deployment, context);
  await checkStackStates(clients.cloudFormation, deployment, context.signal);
  await checkBeforeDeployment(deployment, context, options.despiteProblems);
  const assembly = await buildAssembly(deployment, context);
  checkBootstrapVersion(bootstrap, assembly, deployment);
  const difference = await showDifference(assembly, deployment, context);
  await reporter.step("deploy", (progress) => deploy({ assembly, deployment, clients, progress }, context));
  const { url, values } = await readOutputs(clients.cloudFormation, deployment.stackNames);
  const hops = await judgeHops(deployment, context);
  const { account, region, topology, presetName: preset } = deployment.config;
  return {
    exitCode: hops.isSealed ? 0 : 1,
    summary: [
      ...Object.entries(values).map(([name, value]) => `  ${name}  ${value}`),
      ...hops.lines,
      `deployed ${url ?? deployment.stackNames.join(", ")}${hops.isSealed ? "" : `, and ${hops.says}`}`,
    ],
    document: {
      command: "deploy",
      account,
      region,
      preset,
      topology,
      differingStacks: difference.stacks,
      url: url ?? null,
      outputs: values,
      verification: hops.verification,
    },
  };
}

function connect(deployment: Deployment, { reporter }: CommandContext): Clients {
  const settings = clientSettings(deployment);
  return {
    cloudFormation: tellTrouble(new CloudFormationClient(settings), reporter.line),
    beanstalk: tellTrouble(new ElasticBeanstalkClient(settings), reporter.line),
    logs: tellTrouble(new CloudWatchLogsClient(settings), reporter.line),
  };
}

interface Work {
  assembly: Assembly;
  deployment: Deployment;
  clients: Clients;
  progress: (message: string) => void;
}

async function deploy(
  { assembly, deployment, clients, progress }: Work,
  context: CommandContext,
): Promise<void> {
  const { reporter, system, signal } = context;
  const sources = eventSources(assembly, deployment, clients, system.now());
  for (const source of sources) await source.skipPast();
  const { directory } = assembly;
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  const watch = watchFailures({ assembly, ...clients, system, signal: watching });
  const running = runCdk({ args: DEPLOY, directory }, deployment, context);
  try {
    await follow({
      sources,
      until: running,
      onEvent(event) {
        tell(event, reporter, progress);
        watch.see(event);
      },
      onTrouble: reporter.line,
      pause: system.pause,
    });
    const result = await running;
    if (signal.aborted) throw await interruption(clients.cloudFormation, deployment, "npx turbo deploy");
    if (result.exitCode !== 0) throw await failed({ result, watch, deployment, clients }, reporter);
  } finally {
    over.abort();
  }
}

function eventSources(
  assembly: Assembly,
  deployment: Deployment,
  clients: Clients,
  now: Date,
): EventSource[] {
  const stacks = deployment.stackNames.map((name) => stackEvents(clients.cloudFormation, name));
  const environment = environmentNameIn(assembly);
  if (environment === undefined) return stacks;
  const from = new Date(now.getTime() - CLOCK_TOLERANCE_MS);
  return [...stacks, environmentEvents(clients.beanstalk, environment, from)];
}
