import {
  DescribeAddressesCommand,
  DescribeSubnetsCommand,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeNatGateways,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import type { Account } from "../account.ts";

/** Returns how many VPCs of the account there are in the Region; those that others share with it are theirs. */
export async function vpcsInUse({ ec2, deployment, context }: Account): Promise<number> {
  const { account } = deployment.config;
  let count = 0;
  for await (const { Vpcs = [] } of paginateDescribeVpcs(
    { client: ec2 },
    {},
    { abortSignal: context.signal },
  ))
    count += Vpcs.filter(({ OwnerId = account }) => OwnerId === account).length;
  return count;
}

/** Returns how many Elastic IP addresses the account holds in the Region, whether they are used or not. */
export async function addressesInUse({ ec2, context }: Account): Promise<number> {
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}), {
    abortSignal: context.signal,
  });
  return Addresses.length;
}

/**
 * Returns how many NAT gateways are in the Availability Zone that has most of them, those on their way in or out too.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export async function natGatewaysInFullestZone({ ec2, context }: Account): Promise<number> {
  const subnets: string[] = [];
  const stop = { abortSignal: context.signal };
  const filter = [{ Name: "state", Values: ["pending", "available", "deleting"] }];
  for await (const page of paginateDescribeNatGateways({ client: ec2 }, { Filter: filter }, stop)) {
    for (const { SubnetId } of page.NatGateways ?? []) if (SubnetId !== undefined) subnets.push(SubnetId);
  }
  if (subnets.length === 0) return 0;
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ SubnetIds: [...new Set(subnets)] }),
    stop,
  );
  const zones = new Map(Subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
  const counts = new Map<string | undefined, number>();
  for (const subnet of subnets) counts.set(zones.get(subnet), (counts.get(zones.get(subnet)) ?? 0) + 1);
  return Math.max(...counts.values());
}

/**
 * Families that share one quota.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html
 */
const STANDARD = /^[acdhimrtz]\d/;

/** Returns the vCPUs of all running on-demand instances of the standard families. */
export async function vcpusInUse({ ec2, context }: Account): Promise<number> {
  let vcpus = 0;
  const running = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  for await (const { Reservations = [] } of paginateDescribeInstances(
    { client: ec2 },
    { Filters: running },
    { abortSignal: context.signal },
  )) {
    for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (isCounted(instance)) vcpus += vcpusOf(instance);
    }
  }
  return vcpus;
}

function isCounted({ InstanceLifecycle, InstanceType }: Instance): boolean {
  // On-demand instances have no life cycle of their own; spot instances have a quota of their own.
  return InstanceLifecycle === undefined && STANDARD.test(InstanceType ?? "");
}

function vcpusOf({ CpuOptions: { CoreCount = 1, ThreadsPerCore = 1 } = {} }: Instance): number {
  return CoreCount * ThreadsPerCore;
}
