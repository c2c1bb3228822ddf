import type { DeploymentSettings } from "./config.ts";
import { optionTable } from "./eb-options/index.ts";
import type { Preset } from "./presets.ts";
import { type Topology, type TopologyFacts, topologies, topologyNames } from "./topologies.ts";

const POLICIES = optionTable["aws:elasticbeanstalk:command"].options.DeploymentPolicy;
const SECRET =
  /^arn:[^:]+:(secretsmanager:[^:]+:\d{12}:secret:[^:*]+(:[^:*]+)?|ssm:[^:]+:\d{12}:parameter\/[^:*]+)$/;
/** The ARN of a KMS key. */
export const KEY_ARN = /^arn:[^:]+:kms:[^:]+:\d{12}:key\/[^*]+$/;

/** How a new version reaches the instances. */
export type DeploymentPolicy = (typeof POLICIES.kind.values)[number];

/** Where the values of environment variables are read from, by the variables' names. */
export type EnvironmentSecrets = Readonly<Record<string, { arn: string; keyArn?: string }>>;

/** Returns the preset's policy, or the only sensible one where there is a single instance. */
export function defaultPolicy(topology: Topology, preset: Preset): DeploymentPolicy {
  return topologies[topology].loadBalancer === "none" ? "AllAtOnce" : preset.deploymentPolicy;
}

/** Says what is wrong with the settings of the environment and of its listeners. */
export function environmentProblems(settings: DeploymentSettings): string[] {
  const facts: TopologyFacts | undefined = topologies[settings.topology];
  if (facts === undefined) return [];
  return [
    ...redirectProblems(settings, facts),
    ...policyProblems(settings, facts),
    ...secretProblems(settings),
  ];
}

function redirectProblems({ httpRedirect, topology }: DeploymentSettings, facts: TopologyFacts): string[] {
  if (httpRedirect !== true || facts.shared) return [];
  const allowed = topologyNames.filter((name) => topologies[name].shared).join(", ");
  return [
    `httpRedirect fits an application load balancer only (${allowed}), got topology ${topology}: no other one can redirect`,
  ];
}

function policyProblems({ deploymentPolicy, topology }: DeploymentSettings, facts: TopologyFacts): string[] {
  if (deploymentPolicy === undefined) return [];
  const { byBalancer, kind } = POLICIES;
  const allowed: readonly string[] = { application: kind, ...byBalancer }[facts.loadBalancer].values;
  return allowed.includes(deploymentPolicy)
    ? []
    : [
        `deploymentPolicy must be one of ${allowed.join(", ")} with topology ${topology}, got "${deploymentPolicy}"`,
      ];
}

function secretProblems({ environmentSecrets = {} }: DeploymentSettings): string[] {
  return Object.entries(environmentSecrets).flatMap(([name, { arn, keyArn }]) => [
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
      ? []
      : [`environmentSecrets must be named like environment variables, got "${name}"`]),
    ...(SECRET.test(arn)
      ? []
      : [
          `environmentSecrets.${name}.arn must be the ARN of a secret, \`:KEY\` behind it for one JSON key, or of a parameter, got "${arn}"`,
        ]),
    ...(keyArn === undefined || KEY_ARN.test(keyArn)
      ? []
      : [`environmentSecrets.${name}.keyArn must be the ARN of a KMS key, got "${keyArn}"`]),
  ]);
}
