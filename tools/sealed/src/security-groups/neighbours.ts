import { type EC2Client, paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import type { Neighbour } from "./egress-needs.ts";
import { addressesOf, groupsOf, type Member, networkInterfaces } from "./members.ts";
import { isWithin } from "./opening.ts";
import { permissionRules } from "./permission-rules.ts";
import { addressPeer, type Peer, type Rule } from "./rule.ts";

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
 * Returns the groups of the VPC that admit the instances, with what they admit: by their group, or, where a database is
 * behind, by their address.
 */
export async function readNeighbours(
  ec2: EC2Client,
  { vpcId, members, own }: Neighbourhood,
): Promise<Neighbour[]> {
  const databases = await networkInterfaces(ec2, { "vpc-id": [vpcId], description: [DATABASE_INTERFACE] });
  const databaseGroups = new Set(databases.flatMap(groupsOf));
  const found: Rule[] = [];
  const filter = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeSecurityGroups({ client: ec2, pageSize: 200 }, filter)) {
    for (const { GroupId: groupId = "", IpPermissions = [] } of page.SecurityGroups ?? []) {
      if (own.includes(groupId)) continue;
      const byAddress = databaseGroups.has(groupId);
      const rules = IpPermissions.flatMap((permission) => permissionRules(permission, groupId, "ingress"));
      found.push(...rules.filter((rule) => admits(rule, members, byAddress)));
    }
  }
  return await withWays(ec2, found, members);
}

async function withWays(
  ec2: EC2Client,
  found: readonly Rule[],
  members: readonly Member[],
): Promise<Neighbour[]> {
  if (found.length === 0) return [];
  const groupIds = [...new Set(found.map(({ groupId }) => groupId))];
  const interfaces = await networkInterfaces(ec2, { "group-id": groupIds });
  return found.map(({ groupId, protocol, fromPort, toPort }) => {
    const inside = interfaces.filter((one) => groupsOf(one).includes(groupId));
    const ways = inside.flatMap((one) => [
      ...addressesOf(one).map(addressPeer),
      ...groupsOf(one).map(groupPeer),
    ]);
    return {
      groupId,
      admitted: { protocol, fromPort, toPort },
      reachedBy: [groupPeer(groupId), ...(inside.length > 0 ? ways : whereverTheyAre(members))],
    };
  });
}

/** What comes into a group that is empty now will be in the same VPC: whoever reaches the instances will reach it. */
function whereverTheyAre(members: readonly Member[]): Peer[] {
  return members.flatMap(({ addresses }) => addresses.map(addressPeer));
}

function groupPeer(id: string): Peer {
  return { kind: "group", id, isGone: false };
}

function admits({ peer }: Rule, members: readonly Member[], byAddress: boolean): boolean {
  if (peer.kind === "group") return members.some(({ allGroupIds }) => allGroupIds.includes(peer.id));
  if (!byAddress) return false;
  // What is in a prefix list is not known here: the instances may be.
  if (peer.kind === "prefix-list") return true;
  return members.some(({ addresses }) => addresses.some((address) => isWithin(addressPeer(address), peer)));
}
