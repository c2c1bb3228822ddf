import {
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { type Direction, peerText, type Rule, toRule } from "./rule.ts";

/**
 * Returns all rules of the groups from clouds that know no rule ids: EC2 has them since 2021, and other clouds copied it
 * before. A rule is known by what it says there.
 */
export async function readPermissionRules(ec2: EC2Client, groupIds: readonly string[]): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, { GroupIds: [...groupIds] })) {
    for (const { GroupId = "", IpPermissions = [], IpPermissionsEgress = [] } of page.SecurityGroups ?? []) {
      rules.push(...IpPermissions.flatMap((permission) => permissionRules(permission, GroupId, "ingress")));
      rules.push(
        ...IpPermissionsEgress.flatMap((permission) => permissionRules(permission, GroupId, "egress")),
      );
    }
  }
  return rules;
}

/** Returns a permission of a group as rules, one for each peer. */
export function permissionRules(permission: IpPermission, GroupId: string, direction: Direction): Rule[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  const peers: SecurityGroupRule[] = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => ({ CidrIpv4: CidrIp })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ CidrIpv6 })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({ PrefixListId })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ ReferencedGroupInfo: pair })),
  ];
  return peers.map((peer) => {
    const rule = toRule({ GroupId, IsEgress: direction === "egress", IpProtocol, FromPort, ToPort, ...peer });
    const { protocol, fromPort, toPort } = rule;
    const other = peerText(rule.peer).replaceAll(" ", "-");
    return { ...rule, id: `${GroupId}:${direction}:${protocol}:${fromPort}-${toPort}:${other}` };
  });
}
