import type { EC2Client, NetworkInterface } from "@aws-sdk/client-ec2";
import type { LoadBalancer } from "../load-balancers/load-balancer.ts";
import { groupsOf, type Member, networkInterfaces } from "./members.ts";

/** A group that others use as well. */
export interface SharedGroup {
  groupId: string;
  /** Whether it is one by which the load balancer is named, or one of the instances. */
  role: "load balancer" | "instances";
  /** Who uses it besides: instances, or what an interface is for. */
  users: readonly string[];
}

/** Returns the groups of the path that somebody else uses. */
export async function readSharedGroups(
  ec2: EC2Client,
  loadBalancer: LoadBalancer,
  members: readonly Member[],
): Promise<SharedGroup[]> {
  const ofMembers = [...new Set(members.flatMap(({ allGroupIds }) => allGroupIds))];
  const all = [...new Set([...ofMembers, ...loadBalancer.groupIds])];
  const interfaces = await networkInterfaces(ec2, { "group-id": all });
  const isMember = ({ Attachment, NetworkInterfaceId = "" }: NetworkInterface) =>
    members.some(({ id }) => id === Attachment?.InstanceId || id === NetworkInterfaceId);
  const shared =
    (role: SharedGroup["role"], isOwn: (one: NetworkInterface) => boolean) => (groupId: string) => {
      const others = interfaces.filter((one) => groupsOf(one).includes(groupId) && !isOwn(one)).map(userOf);
      return others.length === 0 ? [] : [{ groupId, role, users: [...new Set(others)].sort() }];
    };
  return [
    ...ofMembers.flatMap(shared("instances", isMember)),
    ...loadBalancer.groupIds.flatMap(shared("load balancer", (one) => isOf(loadBalancer, one))),
  ];
}

/** Elastic Load Balancing describes its interfaces as `ELB app/NAME/ID`, `ELB net/NAME/ID` or `ELB NAME`. */
function isOf({ kind, name }: LoadBalancer, { Description = "" }: NetworkInterface): boolean {
  if (kind === "classic") return Description === `ELB ${name}`;
  return Description.startsWith(`ELB ${kind === "application" ? "app" : "net"}/${name}/`);
}

function userOf({ Attachment, Description, NetworkInterfaceId = "" }: NetworkInterface): string {
  return Attachment?.InstanceId ?? (Description || NetworkInterfaceId);
}
