import { isRecord } from "./config-file.ts";
import { type ConfigSet, resourcesOf } from "./config-set.ts";
import { logicalIdOf } from "./intrinsics.ts";

/** One rule of a security group, wherever it is written. */
export interface GroupRule {
  file: string;
  direction: "in" | "out";
  /** Logical id of the group that has the rule. */
  group: string | undefined;
  fromPort: number;
  toPort: number;
  /** Logical id of the group on the other side, or `undefined` for a range of addresses. */
  peer: string | undefined;
  range: string | undefined;
}

const ANY_PORT = { fromPort: 0, toPort: 65_535 };

/** Returns every rule of the files: those inside of groups, and those that are resources of their own. */
export function groupRules(set: ConfigSet): GroupRule[] {
  return resourcesOf(set).flatMap(({ file, id, resource }) => {
    const properties = resource.Properties ?? {};
    switch (resource.Type) {
      case "AWS::EC2::SecurityGroup":
        return [
          ...inside(file, id, "in", properties.SecurityGroupIngress),
          ...inside(file, id, "out", properties.SecurityGroupEgress),
        ];
      case "AWS::EC2::SecurityGroupIngress":
        return [rule(file, logicalIdOf(properties.GroupId), "in", properties)];
      case "AWS::EC2::SecurityGroupEgress":
        return [rule(file, logicalIdOf(properties.GroupId), "out", properties)];
      default:
        return [];
    }
  });
}

function inside(file: string, group: string, direction: "in" | "out", rules: unknown): GroupRule[] {
  return Array.isArray(rules)
    ? rules.filter(isRecord).map((entry) => rule(file, group, direction, entry))
    : [];
}

function rule(
  file: string,
  group: string | undefined,
  direction: "in" | "out",
  properties: Record<string, unknown>,
): GroupRule {
  const peer = properties[direction === "in" ? "SourceSecurityGroupId" : "DestinationSecurityGroupId"];
  const range = properties.CidrIp ?? properties.CidrIpv6;
  return {
    file,
    direction,
    group,
    ...ports(properties),
    peer: logicalIdOf(peer),
    range: typeof range === "string" ? range : undefined,
  };
}

function ports({ IpProtocol: protocol, FromPort: from, ToPort: to }: Record<string, unknown>) {
  if (protocol === "tcp") return { fromPort: Number(from), toPort: Number(to) };
  // What is neither TCP nor "everything" carries no port: it covers none.
  return String(protocol) === "-1" ? ANY_PORT : { fromPort: Number.NaN, toPort: Number.NaN };
}

/** Says whether a rule lets a TCP port through. */
export function covers({ fromPort, toPort }: GroupRule, port: number): boolean {
  return fromPort <= port && port <= toPort;
}

/** Says whether a rule is about every address there is. */
export function isWholeInternet({ range }: GroupRule): boolean {
  return range === "0.0.0.0/0" || range === "::/0";
}
