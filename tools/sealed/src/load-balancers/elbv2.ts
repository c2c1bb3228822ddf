import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
  type TargetGroup,
  type TargetHealthDescription,
  type LoadBalancer as V2LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { SealedError } from "../errors.ts";
import { type Backend, distinct, type LoadBalancer } from "./load-balancer.ts";

/**
 * What requests come by, for each protocol of a target group.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
 */
const CARRIERS: Readonly<Record<string, readonly Backend["protocol"][]>> = {
  HTTP: ["tcp"],
  HTTPS: ["tcp"],
  QUIC: ["udp"],
  TCP: ["tcp"],
  TCP_QUIC: ["tcp", "udp"],
  TCP_UDP: ["tcp", "udp"],
  TLS: ["tcp"],
  UDP: ["udp"],
};

/** Returns an Application or Network Load Balancer by its name or ARN; `undefined`: there is none. */
export async function findV2(
  client: ElasticLoadBalancingV2Client,
  nameOrArn: string,
): Promise<V2LoadBalancer | undefined> {
  const query = nameOrArn.startsWith("arn:") ? { LoadBalancerArns: [nameOrArn] } : { Names: [nameOrArn] };
  try {
    const answer = await client.send(new DescribeLoadBalancersCommand(query));
    return answer.LoadBalancers?.[0];
  } catch (error) {
    // Clouds that have classic load balancers alone do not know the call; of a name that is none it is said to be invalid.
    const isNone = /^(LoadBalancerNotFound|ValidationError|InvalidAction|Unsupported)/;
    if (error instanceof Error && isNone.test(error.name)) return undefined;
    throw error;
  }
}

/**
 * Returns what a load balancer means for security groups.
 *
 * @param only - Instances that are meant, where the load balancer is shared with others.
 * @throws SealedError SEALED_PATH_UNSUPPORTED
 */
export async function fromV2(
  client: ElasticLoadBalancingV2Client,
  found: V2LoadBalancer,
  only?: readonly string[],
): Promise<LoadBalancer> {
  const { LoadBalancerArn: arn, LoadBalancerName: name = "", Type: kind, SecurityGroups = [] } = found;
  if (kind !== "application" && kind !== "network")
    throw unsupported(`load balancer ${name} is a ${kind} one`);
  const behind: Behind[] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, { LoadBalancerArn: arn })) {
    for (const group of page.TargetGroups ?? []) behind.push(await readBehind(client, group, { kind, only }));
  }
  const hasIpv6Targets = behind.some(({ isIpv6 }) => isIpv6);
  const subnetIds = (found.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
  return {
    kind,
    name,
    vpcId: found.VpcId ?? "",
    groupIds: SecurityGroups,
    subnetIds,
    // IPv6 targets need a load balancer with both kinds of addresses; either says so, on clouds that tell one alone.
    usesIpv6: hasIpv6Targets || found.IpAddressType?.startsWith("dualstack") === true,
    targets: [...new Set(behind.flatMap(({ targets }) => targets))],
    backends: distinct(behind.flatMap(({ backends }) => backends)),
  };
}

interface Behind {
  targets: string[];
  backends: Backend[];
  isIpv6: boolean;
}

async function readBehind(
  client: ElasticLoadBalancingV2Client,
  group: TargetGroup,
  { kind, only }: { kind: string; only: readonly string[] | undefined },
): Promise<Behind> {
  const health = await healthOf(client, group);
  const meant = health.filter(({ Target }) => only === undefined || only.includes(Target?.Id ?? ""));
  if (meant.length === 0) return { targets: [], backends: [], isIpv6: false };
  const keeps = kind === "network" && (await keepsClientAddress(client, group));
  return {
    targets: meant.flatMap(({ Target }) => Target?.Id ?? []),
    backends: meant.flatMap((target) => backendsOf(group, target, keeps)),
    isIpv6: group.IpAddressType === "ipv6",
  };
}

async function healthOf(
  client: ElasticLoadBalancingV2Client,
  { TargetGroupArn, TargetGroupName, TargetType }: TargetGroup,
): Promise<TargetHealthDescription[]> {
  if (TargetType !== "instance" && TargetType !== "ip") {
    throw unsupported(`target group ${TargetGroupName} has targets of type ${TargetType}`);
  }
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return answer.TargetHealthDescriptions ?? [];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html */
async function keepsClientAddress(
  client: ElasticLoadBalancingV2Client,
  { TargetGroupArn }: TargetGroup,
): Promise<boolean> {
  const { Attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  return Attributes.some(({ Key, Value }) => Key === "preserve_client_ip.enabled" && Value === "true");
}

/** @throws SealedError SEALED_PATH_UNSUPPORTED for a protocol that is not known: what it needs would be revoked. */
function backendsOf(
  { Protocol = "TCP", Port = 0, HealthCheckEnabled, TargetControlPort, TargetGroupName }: TargetGroup,
  { Target, HealthCheckPort }: TargetHealthDescription,
  keepsClientAddress: boolean,
): Backend[] {
  const carriers = CARRIERS[Protocol];
  if (carriers === undefined) throw unsupported(`target group ${TargetGroupName} speaks ${Protocol}`);
  const port = Target?.Port ?? Port;
  const way = { port, isHealthCheck: false, keepsClientAddress };
  const checked = Number(HealthCheckPort);
  return [
    ...carriers.map((protocol) => ({ ...way, protocol })),
    // Of an Application Load Balancer, to the agent that tells it how much a target can take.
    ...(TargetControlPort === undefined
      ? []
      : [{ ...way, protocol: "tcp" as const, port: TargetControlPort }]),
    ...(HealthCheckEnabled === false
      ? []
      : [
          {
            protocol: "tcp" as const,
            port: Number.isInteger(checked) && checked > 0 ? checked : port,
            isHealthCheck: true,
            keepsClientAddress: false,
          },
        ]),
  ];
}

function unsupported(what: string): SealedError {
  return new SealedError(
    "SEALED_PATH_UNSUPPORTED",
    `${what}, and rules can be judged for Application, Network and classic load balancers before instances alone`,
  );
}
