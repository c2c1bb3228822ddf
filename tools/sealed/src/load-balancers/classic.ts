import {
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import { distinct, type LoadBalancer } from "./load-balancer.ts";

/** Returns a classic load balancer as its service describes it; `undefined`: there is none of that name. */
export async function describeClassic(
  client: ElasticLoadBalancingClient,
  name: string,
): Promise<LoadBalancerDescription | undefined> {
  try {
    const answer = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
    return answer.LoadBalancerDescriptions?.[0];
  } catch (error) {
    // What cannot be a name at all, such as an ARN or more than 32 characters, is called invalid.
    const isNone = /^(AccessPointNotFound|LoadBalancerNotFound|ValidationError)/;
    if (error instanceof Error && isNone.test(error.name)) return undefined;
    throw error;
  }
}

/** Returns what a description means for security groups. */
export function fromClassic(description: LoadBalancerDescription): LoadBalancer {
  const { HealthCheck, ListenerDescriptions = [], Instances = [] } = description;
  const way = (port: number, isHealthCheck: boolean) =>
    ({ protocol: "tcp", port, isHealthCheck, keepsClientAddress: false }) as const;
  const ports = ListenerDescriptions.flatMap(({ Listener }) => Listener?.InstancePort ?? []);
  // Such as HTTPS:443/readyz or TCP:443.
  const healthPort = /^\w+:(\d+)/.exec(HealthCheck?.Target ?? "")?.[1];
  return {
    kind: "classic",
    name: description.LoadBalancerName ?? "",
    vpcId: description.VPCId ?? "",
    groupIds: description.SecurityGroups ?? [],
    subnetIds: description.Subnets ?? [],
    // In a VPC a classic one has IPv4 addresses alone.
    usesIpv6: false,
    targets: Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    backends: distinct([
      ...ports.map((port) => way(port, false)),
      ...(healthPort === undefined ? [] : [way(Number(healthPort), true)]),
    ]),
  };
}
