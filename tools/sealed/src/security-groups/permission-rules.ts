import {
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { peerText, type Rule, toRule } from "./rule.ts";

/**
 * Returns all rules of the groups from clouds that know no rule ids: EC2 has them since 2021, and other clouds copied it
 * before. A rule is known by what it says there.
 */
export async function readPermissionRules(ec2: EC2Client, groupIds: readonly string[]): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, { GroupIds: [...groupIds] })) {
    for (const { GroupId = "", IpPermissions = [], IpPermissionsEgress = [] } of page.SecurityGroups ?? []) {
      rules.push(...IpPermissions.flatMap((permission) => rulesOf(permission, GroupId, false)));
      rules.push(...IpPermissionsEgress.flatMap((permission) => rulesOf(permission, GroupId, true)));
    }
  }
  return rules;
}

function rulesOf(permission: IpPermission, GroupId: string, IsEgress: boolean): Rule[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  const peers: SecurityGroupRule[] = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => ({ CidrIpv4: CidrIp })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ CidrIpv6 })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({ PrefixListId })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ ReferencedGroupInfo: pair })),
  ];
  return peers.map((peer) => {
    const rule = toRule({ GroupId, IsEgress, IpProtocol, FromPort, ToPort, ...peer });
    const { direction, protocol, fromPort, toPort } = rule;
    const other = peerText(rule.peer).replaceAll(" ", "-");
    return { ...rule, id: `${GroupId}:${direction}:${protocol}:${fromPort}-${toPort}:${other}` };
  });
}
