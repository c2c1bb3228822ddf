import type { IpPermission, SecurityGroupRule } from "@aws-sdk/client-ec2";

/** Returns a permission as rules, one for each peer. */
export function rulesOf(permission: IpPermission): SecurityGroupRule[] {
  const { IpProtocol, FromPort = -1, ToPort = -1 } = permission;
  const common = { IpProtocol, FromPort, ToPort };
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => ({ ...common, CidrIpv4: CidrIp })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ ...common, CidrIpv6 })),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({ ...common, PrefixListId })),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => ({
      ...common,
      ReferencedGroupInfo: { GroupId },
    })),
  ];
}

/** Returns a rule as a permission. */
export function permissionOf(rule: SecurityGroupRule): IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo } = rule;
  return {
    IpProtocol,
    FromPort,
    ToPort,
    IpRanges: CidrIpv4 === undefined ? [] : [{ CidrIp: CidrIpv4 }],
    Ipv6Ranges: CidrIpv6 === undefined ? [] : [{ CidrIpv6 }],
    PrefixListIds: PrefixListId === undefined ? [] : [{ PrefixListId }],
    UserIdGroupPairs: ReferencedGroupInfo === undefined ? [] : [{ GroupId: ReferencedGroupInfo.GroupId }],
  };
}

/** Returns what a rule says, whatever its id. */
export function contentOf(rule: SecurityGroupRule): string {
  const { GroupId, IsEgress = false, IpProtocol, FromPort, ToPort } = rule;
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId;
  return JSON.stringify([GroupId, IsEgress, IpProtocol, FromPort, ToPort, peer]);
}
