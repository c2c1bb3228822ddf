import {
  DescribeEnvironmentResourcesCommand,
  ElasticBeanstalkClient,
} from "@aws-sdk/client-elastic-beanstalk";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attend } from "../aws/attend.ts";
import { clientSettings } from "../aws/connect.ts";
import type { Caller } from "../deployment/account-guard.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { describeClassic, fromClassic } from "./classic.ts";
import { findV2, fromV2 } from "./elbv2.ts";
import type { LoadBalancer } from "./load-balancer.ts";

/** Which load balancer is meant. */
export interface Choice {
  /** Name or ARN; goes before the environment. */
  loadBalancer?: string;
  environment: string;
}

/**
 * Returns the load balancer that was named, or that of the environment.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING, SEALED_LOAD_BALANCER_MISSING, SEALED_PATH_UNSUPPORTED
 */
export async function findLoadBalancer(
  choice: Choice,
  deployment: Deployment,
  caller: Caller,
): Promise<LoadBalancer> {
  const settings = clientSettings(deployment);
  const v2 = attend(new ElasticLoadBalancingV2Client(settings), caller);
  const classic = attend(new ElasticLoadBalancingClient(settings), caller);
  const { nameOrArn, instances } = await whichOne(choice, deployment, caller);
  const isV2 = /:loadbalancer\/(app|net|gwy)\//.test(nameOrArn);
  const name = /:loadbalancer\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
  const description = isV2 ? undefined : await describeClassic(classic, name);
  if (description !== undefined) return fromClassic(description);
  const found = await findV2(v2, nameOrArn);
  if (found === undefined)
    throw missing(`there is no load balancer ${nameOrArn} in Region ${deployment.region}`);
  return await fromV2(v2, found, instances);
}

/**
 * Returns the name or ARN of the load balancer, and the instances that are meant where it may serve others too.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING, SEALED_LOAD_BALANCER_MISSING
 */
export async function whichOne(
  { loadBalancer, environment }: Choice,
  deployment: Deployment,
  caller: Caller,
): Promise<{ nameOrArn: string; instances?: string[] }> {
  if (loadBalancer !== undefined) return { nameOrArn: loadBalancer };
  const resources = await environmentResources(environment, deployment, caller);
  const [only, another] = resources.loadBalancers;
  if (only === undefined) {
    throw missing(`environment ${environment} has no load balancer: its instances are reached directly`);
  }
  if (another !== undefined) {
    throw missing(`environment ${environment} has several load balancers: name one with --load-balancer`);
  }
  return { nameOrArn: only, instances: resources.instances };
}

/**
 * Returns names or ARNs of an environment's load balancers, and the ids of its instances.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING
 */
async function environmentResources(
  environment: string,
  deployment: Deployment,
  caller: Caller,
): Promise<{ loadBalancers: string[]; instances: string[] }> {
  const beanstalk = attend(new ElasticBeanstalkClient(clientSettings(deployment)), caller);
  try {
    const { EnvironmentResources: found } = await beanstalk.send(
      new DescribeEnvironmentResourcesCommand({ EnvironmentName: environment }),
    );
    return {
      loadBalancers: (found?.LoadBalancers ?? []).flatMap(({ Name }) => Name ?? []),
      instances: (found?.Instances ?? []).flatMap(({ Id }) => Id ?? []),
    };
  } catch (error) {
    if (!(error instanceof Error && /^InvalidParameterValue/.test(error.name))) throw error;
    throw new SealedError(
      "SEALED_ENVIRONMENT_MISSING",
      `there is no environment ${environment} in Region ${deployment.region}: name another with --environment, or a load balancer with --load-balancer`,
      { cause: error },
    );
  }
}

function missing(what: string): SealedError {
  return new SealedError("SEALED_LOAD_BALANCER_MISSING", what);
}
