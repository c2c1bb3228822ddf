import {
  type EC2Client,
  type NetworkInterface,
  paginateDescribeInstances,
  paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import { SealedError } from "../errors.ts";
import type { LoadBalancer } from "../load-balancers/load-balancer.ts";

/** What a load balancer sends requests to: an instance, or an interface with an address. */
export interface Member {
  id: string;
  /** IPv4 and IPv6. */
  addresses: readonly string[];
  /** Of the interface that the load balancer reaches. */
  groupIds: readonly string[];
  /** Of all of its interfaces. */
  allGroupIds: readonly string[];
}

/**
 * Returns what is registered with the load balancer.
 *
 * @throws SealedError SEALED_PATH_UNSUPPORTED when nothing is, or something whose groups cannot be found.
 */
export async function readMembers(ec2: EC2Client, loadBalancer: LoadBalancer): Promise<Member[]> {
  const { name, targets, vpcId } = loadBalancer;
  const instanceIds = targets.filter((target) => target.startsWith("i-"));
  const addresses = targets.filter((target) => !target.startsWith("i-"));
  const members = [
    ...(instanceIds.length === 0 ? [] : await instances(ec2, instanceIds)),
    ...(addresses.length === 0 ? [] : await interfaces(ec2, addresses, vpcId)),
  ];
  const unseen = addresses.filter((address) => !members.some((member) => member.addresses.includes(address)));
  if (unseen.length > 0) {
    throw unsupported(
      `target ${unseen.join(", ")} of load balancer ${name} is on no network interface of its VPC, so its groups cannot be judged`,
    );
  }
  if (vpcId === "")
    throw unsupported(`load balancer ${name} is in no VPC, and such groups have no rules of this kind`);
  if (members.length > 0) return members;
  throw unsupported(`no instance is registered with load balancer ${name}: start one, and repeat`);
}

async function instances(ec2: EC2Client, ids: readonly string[]): Promise<Member[]> {
  const members: Member[] = [];
  for await (const page of paginateDescribeInstances({ client: ec2 }, { InstanceIds: [...ids] })) {
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      const all = instance.NetworkInterfaces ?? [];
      // For an hour EC2 describes one that was terminated, without groups: it receives nothing any more.
      if (instance.State?.Name === "terminated") continue;
      const primary = all.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
      members.push({
        id: instance.InstanceId ?? "",
        addresses: all.flatMap(addressesOf),
        groupIds: groupsOf(primary ?? { Groups: instance.SecurityGroups }),
        allGroupIds: [
          ...new Set(
            [instance.SecurityGroups ?? [], ...all.map(({ Groups = [] }) => Groups)]
              .flat()
              .flatMap(({ GroupId }) => GroupId ?? []),
          ),
        ],
      });
    }
  }
  return members;
}

async function interfaces(ec2: EC2Client, addresses: readonly string[], vpcId: string): Promise<Member[]> {
  const ipv6 = addresses.filter((address) => address.includes(":"));
  const ipv4 = addresses.filter((address) => !address.includes(":"));
  const having = async (filter: string, wanted: readonly string[]) =>
    wanted.length === 0 ? [] : await networkInterfaces(ec2, { [filter]: wanted, "vpc-id": [vpcId] });
  const found = [
    ...(await having("addresses.private-ip-address", ipv4)),
    ...(await having("ipv6-addresses.ipv6-address", ipv6)),
  ];
  return found.map((one) => ({
    id: one.NetworkInterfaceId ?? "",
    addresses: addressesOf(one),
    groupIds: groupsOf(one),
    allGroupIds: groupsOf(one),
  }));
}

/** Returns the network interfaces that match every filter. */
export async function networkInterfaces(
  ec2: EC2Client,
  filters: Readonly<Record<string, readonly string[]>>,
): Promise<NetworkInterface[]> {
  const found: NetworkInterface[] = [];
  const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values: [...Values] }));
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters })) {
    found.push(...(page.NetworkInterfaces ?? []));
  }
  return found;
}

/** Returns all IPv4 and IPv6 addresses of an interface, those of the VPC. */
export function addressesOf(described: Described): string[] {
  const { PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] } = described;
  const all = [
    PrivateIpAddress,
    ...PrivateIpAddresses.map((one) => one.PrivateIpAddress),
    ...Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
  ];
  return [...new Set(all)].filter((address) => address !== undefined);
}

type Described = Pick<NetworkInterface, "PrivateIpAddress" | "PrivateIpAddresses" | "Ipv6Addresses">;

/** Returns the ids of an interface's groups. */
export function groupsOf({ Groups = [] }: Pick<NetworkInterface, "Groups">): string[] {
  return Groups.flatMap(({ GroupId }) => GroupId ?? []);
}

function unsupported(what: string): SealedError {
  return new SealedError("SEALED_PATH_UNSUPPORTED", what);
}
