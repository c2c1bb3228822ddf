import { createHash } from "node:crypto";
import type { DeploymentConfig } from "../config.ts";

/** Names of what Elastic Beanstalk makes; each topology has an environment of its own. */
export interface EnvironmentNames {
  application: string;
  environment: string;
  /** Left of `.REGION.elasticbeanstalk.com`; unique in the Region for all of AWS's customers. */
  cnamePrefix: string;
  /** The name that Elastic Beanstalk gives the environment. */
  host: string;
}

/** Returns the names of a deployment, the same each time. */
export function environmentNames(config: DeploymentConfig): EnvironmentNames {
  const { account, region, name, presetName, topology } = config;
  const environment = `${name}-${presetName}-${topology}`;
  const digest = createHash("sha256")
    .update(`${account} ${region} ${environment}`)
    .digest("hex")
    .slice(0, 10);
  const cnamePrefix = `${name}-${digest}`;
  return {
    application: `${name}-${presetName}`,
    environment,
    cnamePrefix,
    host: `${cnamePrefix}.${region}.elasticbeanstalk.com`,
  };
}
