import {
  DescribeEnvironmentHealthCommand,
  DescribeEnvironmentsCommand,
  DescribeInstancesHealthCommand,
  type EnvironmentDescription,
  type SingleInstanceHealth,
} from "@aws-sdk/client-elastic-beanstalk";
import type { Deployed } from "../deployed.ts";
import type { Look, Sight } from "../line.ts";
import { once } from "../once.ts";

/** Health in the words of enhanced reporting. @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-status.html */
const WELL = ["Ok", "Info"];
const NOT_YET = ["Pending", "Unknown", "Suspended"];

/** Returns what is looked at of the environment: its state, its health with causes, and what it runs. */
export function environmentLooks(deployed: Deployed): Look[] {
  const environment = once(() => describe(deployed));
  const instances = once(() => instancesHealth(deployed));
  return [
    { id: "environment", subject: "environment", see: async () => state(await environment(), deployed) },
    { id: "health", subject: "health", see: async () => health(deployed, await instances()) },
    { id: "version", subject: "version", see: async () => version(await environment(), await instances()) },
  ];
}

async function describe({ beanstalk, environmentName, context }: Deployed) {
  const { Environments = [] } = await beanstalk.send(
    new DescribeEnvironmentsCommand({ EnvironmentNames: [environmentName], IncludeDeleted: false }),
    { abortSignal: context.signal },
  );
  return Environments.find(({ Status }) => Status !== "Terminated");
}

async function instancesHealth({
  beanstalk,
  environmentName,
  context,
}: Deployed): Promise<SingleInstanceHealth[]> {
  const instances: SingleInstanceHealth[] = [];
  let NextToken: string | undefined;
  do {
    const page = await beanstalk.send(
      new DescribeInstancesHealthCommand({
        EnvironmentName: environmentName,
        AttributeNames: ["All"],
        ...(NextToken !== undefined && { NextToken }),
      }),
      { abortSignal: context.signal },
    );
    instances.push(...(page.InstanceHealthList ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return instances;
}

function state(environment: EnvironmentDescription | undefined, { environmentName }: Deployed): Sight {
  if (environment === undefined) {
    return { state: "attention", text: `${environmentName} does not exist, although its stack does` };
  }
  const { Status = "unknown", AbortableOperationInProgress } = environment;
  const busy = AbortableOperationInProgress === true ? ", an update is under way" : "";
  return { state: Status === "Ready" ? "ok" : "attention", text: `${environmentName}, ${Status}${busy}` };
}

async function health(
  { beanstalk, environmentName, context }: Deployed,
  instances: readonly SingleInstanceHealth[],
): Promise<Sight> {
  const {
    HealthStatus = "Unknown",
    Color,
    Causes = [],
  } = await beanstalk.send(
    new DescribeEnvironmentHealthCommand({ EnvironmentName: environmentName, AttributeNames: ["All"] }),
    { abortSignal: context.signal },
  );
  const well = instances.filter((instance) => WELL.includes(instance.HealthStatus ?? "")).length;
  const ofInstances = instances.flatMap(({ InstanceId, Causes: causes = [] }) =>
    causes.map((cause) => `${InstanceId}: ${cause}`),
  );
  return {
    state: stateOf(HealthStatus),
    text: `${HealthStatus}${Color === undefined ? "" : ` (${Color})`}, ${well} of ${instances.length} instances well`,
    details: [...Causes, ...ofInstances],
  };
}

function stateOf(healthStatus: string): Sight["state"] {
  if (WELL.includes(healthStatus)) return "ok";
  return NOT_YET.includes(healthStatus) ? "unknown" : "attention";
}

/** An instance that a deployment did not reach runs another version, and nobody sees it from outside. */
function version(
  environment: EnvironmentDescription | undefined,
  instances: readonly SingleInstanceHealth[],
): Sight {
  const { VersionLabel = "none", PlatformArn = "" } = environment ?? {};
  const platform = PlatformArn.split("platform/")[1] ?? "unknown platform";
  const others = instances.filter(
    ({ Deployment }) => Deployment?.VersionLabel !== undefined && Deployment.VersionLabel !== VersionLabel,
  );
  return {
    state: others.length === 0 ? "ok" : "attention",
    text: `${VersionLabel} on ${platform}`,
    details: others.map(({ InstanceId, Deployment }) => `${InstanceId} runs ${Deployment?.VersionLabel}`),
  };
}
