import { type EC2Client, type IpPermission, paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import type { Neighbour } from "./egress-needs.ts";
import { rangePeer } from "./ingress-needs.ts";
import { groupsOf, type Member, networkInterfaces } from "./members.ts";
import { isWithin } from "./opening.ts";

/** What RDS calls the interfaces of its databases. */
const DATABASE_INTERFACE = "RDSNetworkInterface";

/** Around whom neighbours are looked for. */
export interface Neighbourhood {
  vpcId: string;
  members: readonly Member[];
  /** Groups that are no neighbours: those of the instances and of the load balancer. */
  own: readonly string[];
}

/**
 * Returns the groups of the VPC that admit the instances on one TCP port: by their group, or, where a database is
 * behind, by their address.
 */
export async function readNeighbours(
  ec2: EC2Client,
  { vpcId, members, own }: Neighbourhood,
): Promise<Neighbour[]> {
  const databases = await networkInterfaces(ec2, { "vpc-id": [vpcId], description: [DATABASE_INTERFACE] });
  const databaseGroups = new Set(databases.flatMap(groupsOf));
  const found: Omit<Neighbour, "addresses">[] = [];
  const filter = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeSecurityGroups({ client: ec2, pageSize: 200 }, filter)) {
    for (const { GroupId: groupId = "", IpPermissions = [] } of page.SecurityGroups ?? []) {
      if (own.includes(groupId)) continue;
      const byAddress = databaseGroups.has(groupId);
      const ports = IpPermissions.filter((permission) => admits(permission, members, byAddress)).map(onePort);
      found.push(...ports.flatMap((port) => (port === undefined ? [] : [{ groupId, port }])));
    }
  }
  return await withAddresses(ec2, found);
}

async function withAddresses(
  ec2: EC2Client,
  found: readonly Omit<Neighbour, "addresses">[],
): Promise<Neighbour[]> {
  if (found.length === 0) return [];
  const groupIds = [...new Set(found.map(({ groupId }) => groupId))];
  const interfaces = await networkInterfaces(ec2, { "group-id": groupIds });
  const addressesOf = (id: string) =>
    interfaces
      .filter((one) => groupsOf(one).includes(id))
      .flatMap(({ PrivateIpAddress, Ipv6Addresses = [] }) => [
        ...(PrivateIpAddress === undefined ? [] : [rangePeer(`${PrivateIpAddress}/32`)]),
        ...Ipv6Addresses.map(({ Ipv6Address }) => rangePeer(`${Ipv6Address}/128`)),
      ]);
  return found.map((neighbour) => ({ ...neighbour, addresses: addressesOf(neighbour.groupId) }));
}

function onePort({ IpProtocol, FromPort, ToPort }: IpPermission): number | undefined {
  return IpProtocol === "tcp" && FromPort === ToPort ? FromPort : undefined;
}

function admits(permission: IpPermission, members: readonly Member[], byAddress: boolean): boolean {
  const groupIds = members.flatMap(({ allGroupIds }) => allGroupIds);
  if (permission.UserIdGroupPairs?.some(({ GroupId = "" }) => groupIds.includes(GroupId))) return true;
  if (!byAddress) return false;
  const addresses = members.flatMap((member) =>
    member.addresses.map((address) => rangePeer(`${address}/32`)),
  );
  const ranges = (permission.IpRanges ?? []).flatMap(({ CidrIp }) =>
    CidrIp === undefined ? [] : [rangePeer(CidrIp)],
  );
  return ranges.some((range) => addresses.some((address) => isWithin(address, range)));
}
