import {
  DescribeEnvironmentResourcesCommand,
  DescribeEnvironmentsCommand,
  type EnvironmentDescription,
} from "@aws-sdk/client-elastic-beanstalk";
import { type TopologyFacts, topologies } from "@sealed/infra/topologies";
import { readOutputs } from "../../deploy/outputs.ts";
import type { Deployment } from "../../deployment/read-deployment.ts";
import { type StackResource, stackResources } from "../../deployment/stack-resources.ts";
import { SealedError } from "../../errors.ts";
import type { Services } from "./clients.ts";

/** A deployment as it stands in AWS. */
export interface Deployed {
  deployment: Deployment;
  services: Services;
  facts: TopologyFacts;
  url: URL;
  environment: EnvironmentDescription;
  environmentName: string;
  instanceIds: readonly string[];
  /** ARN, or the name of a classic one; absent without load balancer. */
  loadBalancer: string | undefined;
  databaseId: string | undefined;
  /** Security groups of the network stack. */
  groupIds: readonly string[];
  /** What the load balancer shows, in ACM; absent where the app's own certificate is shown. */
  certificateArn: string | undefined;
}

/**
 * Finds the environment of a deployment, and what belongs to it.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING, or what AWS said.
 */
export async function findDeployed(deployment: Deployment, services: Services): Promise<Deployed> {
  const { stackNames, config } = deployment;
  const { url, values } = await readOutputs(services.cloudFormation, stackNames);
  const environmentName = Object.entries(values).find(([key]) => key.endsWith("EnvironmentName"))?.[1];
  if (url === undefined || environmentName === undefined) throw missing(deployment);
  const environment = await findEnvironment(services, environmentName);
  if (environment === undefined) throw missing(deployment);
  const resources = await allResources(services, stackNames);
  const { instanceIds, loadBalancer } = await partsOf(services, environmentName);
  const nameOf = (type: string) => resources.filter((one) => one.type === type).map(({ name }) => name);
  return {
    deployment,
    services,
    facts: topologies[config.topology],
    url: new URL(url),
    environment,
    environmentName,
    instanceIds,
    // One that is lent to the environment stands in the stack.
    loadBalancer: nameOf("AWS::ElasticLoadBalancingV2::LoadBalancer")[0] ?? loadBalancer,
    databaseId: nameOf("AWS::RDS::DBInstance")[0],
    groupIds: nameOf("AWS::EC2::SecurityGroup"),
    // Made by CloudFormation, or imported by a function: the ARN is its name either way.
    certificateArn: resources.find(({ name }) => /^arn:[^:]+:acm:/.test(name))?.name,
  };
}

function missing({ region, stackNames, config }: Deployment): SealedError {
  return new SealedError(
    "SEALED_ENVIRONMENT_MISSING",
    `nothing is deployed as ${stackNames.at(-1)} (${config.topology}) in ${region}, so there is no path to verify`,
    { mend: ["npx turbo deploy", "npx sealed verify https://your.example.com"] },
  );
}

async function findEnvironment(
  { beanstalk }: Services,
  name: string,
): Promise<EnvironmentDescription | undefined> {
  const { Environments = [] } = await beanstalk.send(
    new DescribeEnvironmentsCommand({ EnvironmentNames: [name], IncludeDeleted: false }),
  );
  return Environments.find(({ Status }) => Status !== "Terminated");
}

async function allResources(
  { cloudFormation }: Services,
  stackNames: readonly string[],
): Promise<StackResource[]> {
  const found = await Promise.all(stackNames.map((name) => stackResources(cloudFormation, name)));
  return found.flat();
}

async function partsOf({ beanstalk }: Services, name: string) {
  const { EnvironmentResources: found } = await beanstalk.send(
    new DescribeEnvironmentResourcesCommand({ EnvironmentName: name }),
  );
  return {
    instanceIds: (found?.Instances ?? []).flatMap(({ Id }) => Id ?? []),
    loadBalancer: found?.LoadBalancers?.[0]?.Name,
  };
}
