import { CloudFormationClient, type Stack } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { RDSClient } from "@aws-sdk/client-rds";
import { environmentNames } from "@sealed/infra/names";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import type { CommandContext } from "../context.ts";
import { findStack } from "../deploy/stack-states.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";

/** A deployment that stands, and how to ask about it. */
export interface Deployed {
  deployment: Deployment;
  context: CommandContext;
  /** Its stacks that exist, the web stack last. */
  stacks: readonly Stack[];
  web: Stack;
  environmentName: string;
  databaseName: string;
  cloudFormation: CloudFormationClient;
  beanstalk: ElasticBeanstalkClient;
  cloudWatch: CloudWatchClient;
  logs: CloudWatchLogsClient;
  rds: RDSClient;
}

/**
 * Returns the deployment of the settings.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING when nothing serves requests.
 */
export async function findDeployed(deployment: Deployment, context: CommandContext): Promise<Deployed> {
  const { config, stackNames } = deployment;
  const settings = clientSettings(deployment);
  const { line } = context.reporter;
  const cloudFormation = tellTrouble(new CloudFormationClient(settings), line);
  const found = await Promise.all(stackNames.map((name) => findStack(cloudFormation, name, context.signal)));
  const web = found.at(-1);
  if (web === undefined) throw missing(deployment);
  return {
    deployment,
    context,
    stacks: found.filter((stack) => stack !== undefined),
    web,
    environmentName: environmentNames(config).environment,
    databaseName: `${config.name}-${config.presetName}`,
    cloudFormation,
    beanstalk: tellTrouble(new ElasticBeanstalkClient(settings), line),
    cloudWatch: tellTrouble(new CloudWatchClient(settings), line),
    logs: tellTrouble(new CloudWatchLogsClient(settings), line),
    rds: tellTrouble(new RDSClient(settings), line),
  };
}

function missing({ stackNames, region }: Deployment): SealedError {
  return new SealedError(
    "SEALED_ENVIRONMENT_MISSING",
    `nothing is deployed: there is no stack ${stackNames.at(-1)} in ${region}`,
    { mend: ["npx turbo deploy"] },
  );
}
