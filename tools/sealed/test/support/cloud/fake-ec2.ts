import type { IpPermission, NetworkInterface, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { awsError } from "../harness.ts";
import { contentOf, permissionOf, rulesOf } from "./permissions.ts";

/** An instance with one interface. */
export interface FakeInstance {
  id: string;
  address: string;
  ipv6Address?: string;
  groupIds: readonly string[];
}

/** An interface of somebody else: a load balancer, a database, another instance. */
export interface FakeInterface {
  description: string;
  groupIds: readonly string[];
  instanceId?: string;
  address?: string;
}

type Filters = { Name?: string; Values?: string[] }[];
type Input = Record<string, unknown>;

/** A VPC as EC2 describes and changes it: rules are kept once each, known by id, and revoked all or none. */
export class FakeEc2 {
  readonly vpcId = "vpc-1";
  readonly rules = new Map<string, SecurityGroupRule>();
  readonly instances: FakeInstance[] = [];
  readonly interfaces: FakeInterface[] = [];
  readonly subnets = new Map<string, string>();
  readonly ipv6Ranges = new Map<string, { range: string; state: "associated" | "disassociated" }>();
  /** Every call by its name, those that failed included. */
  readonly calls: string[] = [];
  /** Readings of rules that go on showing what was before a change. */
  lag = 0;
  /** Called before and after what a call does; may throw in place of an answer. */
  onCall: (name: string, moment: "before" | "after") => void = () => undefined;
  /** Largest page, whatever is asked for. */
  pageSize = 1_000;
  /** Clouds that copied EC2 before 2021 have no rule ids. */
  hasRuleIds = true;
  #next = 1;
  #seen: SecurityGroupRule[] = [];
  #staleReads = 0;

  /** Adds a rule as it is; returns its id. */
  give(rule: SecurityGroupRule): string {
    const id = rule.SecurityGroupRuleId ?? `sgr-${String(this.#next++).padStart(17, "0")}`;
    this.rules.set(id, { IsEgress: false, FromPort: -1, ToPort: -1, ...rule, SecurityGroupRuleId: id });
    this.#seen = [...this.rules.values()];
    return id;
  }

  /** Answers a call of EC2's API. */
  call(name: string, input: Input): object {
    this.calls.push(name);
    this.onCall(name, "before");
    const answer = this.#answer(name, input);
    this.onCall(name, "after");
    return answer;
  }

  #answer(name: string, input: Input): object {
    switch (name) {
      case "DescribeSecurityGroupRules":
        if (!this.hasRuleIds)
          throw awsError("InvalidAction", "The action is not valid for this web service.");
        return this.#describeRules(input);
      case "AuthorizeSecurityGroupIngress":
      case "AuthorizeSecurityGroupEgress":
        return this.#authorize(input, name.endsWith("Egress"));
      case "RevokeSecurityGroupIngress":
      case "RevokeSecurityGroupEgress":
        return this.#revoke(input, name.endsWith("Egress"));
      case "DescribeInstances":
        return this.#describeInstances(input);
      case "DescribeNetworkInterfaces":
        return { NetworkInterfaces: this.#describeInterfaces(filtersOf(input)) };
      case "DescribeSecurityGroups":
        return { SecurityGroups: this.#describeGroups(input.GroupIds as string[] | undefined) };
      case "DescribeSubnets":
        return { Subnets: (input.SubnetIds as string[]).map((id) => this.#describeSubnet(id)) };
      default:
        throw awsError("InvalidAction", `The action ${name} is not valid for this web service.`);
    }
  }

  #describeSubnet(id: string): object {
    const ipv6 = this.ipv6Ranges.get(id);
    return {
      SubnetId: id,
      CidrBlock: this.subnets.get(id),
      Ipv6CidrBlockAssociationSet:
        ipv6 === undefined ? [] : [{ Ipv6CidrBlock: ipv6.range, Ipv6CidrBlockState: { State: ipv6.state } }],
    };
  }

  #describeRules(input: Input): object {
    const { MaxResults = 1_000, NextToken = "0" } = input as { MaxResults?: number; NextToken?: string };
    const groups = filtersOf(input)["group-id"] ?? [];
    // A reading begins with its first page.
    if (NextToken === "0" && this.#staleReads-- <= 0) this.#seen = [...this.rules.values()];
    const all = this.#seen.filter(({ GroupId = "" }) => groups.includes(GroupId));
    const start = Number(NextToken);
    const end = start + Math.min(MaxResults, this.pageSize);
    return {
      SecurityGroupRules: all.slice(start, end),
      ...(end < all.length && { NextToken: String(end) }),
    };
  }

  #authorize({ GroupId, IpPermissions }: Input, IsEgress: boolean): object {
    const rules = (IpPermissions as IpPermission[]).flatMap((permission) =>
      rulesOf(permission).map((rule) => ({ ...rule, GroupId: GroupId as string, IsEgress })),
    );
    const existing = new Set([...this.rules.values()].map(contentOf));
    if (rules.some((rule) => existing.has(contentOf(rule)))) {
      throw awsError("InvalidPermission.Duplicate", "the specified rule already exists");
    }
    this.#change(() => {
      for (const rule of rules) {
        const id = `sgr-${String(this.#next++).padStart(17, "0")}`;
        this.rules.set(id, { ...rule, SecurityGroupRuleId: id });
      }
    });
    return { Return: true };
  }

  #revoke(input: Input, isEgress: boolean): object {
    const ids = this.hasRuleIds ? (input.SecurityGroupRuleIds as string[]) : this.#idsOf(input, isEgress);
    for (const id of ids) {
      const rule = this.rules.get(id);
      if (rule?.GroupId !== input.GroupId || (rule?.IsEgress === true) !== isEgress) {
        throw awsError(
          "InvalidSecurityGroupRuleId.NotFound",
          `The security group rule ID '${id}' does not exist`,
        );
      }
    }
    this.#change(() => {
      for (const id of ids) this.rules.delete(id);
    });
    return { Return: true };
  }

  #idsOf({ GroupId, IpPermissions }: Input, IsEgress: boolean): string[] {
    return (IpPermissions as IpPermission[]).flatMap(rulesOf).map((rule) => {
      const content = contentOf({ ...rule, GroupId: GroupId as string, IsEgress });
      const found = [...this.rules].find(([, existing]) => contentOf(existing) === content);
      if (found === undefined)
        throw awsError("InvalidPermission.NotFound", "The specified rule does not exist");
      return found[0];
    });
  }

  #change(make: () => void): void {
    make();
    this.#staleReads = this.lag;
  }

  #describeInstances({ InstanceIds }: Input): object {
    const ids = InstanceIds as string[];
    const found = this.instances.filter(({ id }) => ids.includes(id));
    return {
      Reservations: found.map(({ id, address, ipv6Address, groupIds }) => ({
        Instances: [
          {
            InstanceId: id,
            PrivateIpAddress: address,
            SecurityGroups: groupIds.map((GroupId) => ({ GroupId })),
            NetworkInterfaces: [
              {
                NetworkInterfaceId: `eni-${id}`,
                PrivateIpAddress: address,
                Ipv6Addresses: ipv6Of(ipv6Address),
                Groups: groupIds.map((GroupId) => ({ GroupId })),
                Attachment: { DeviceIndex: 0 },
              },
            ],
          },
        ],
      })),
    };
  }

  #describeInterfaces(filters: Record<string, string[]>): NetworkInterface[] {
    const all: NetworkInterface[] = [
      ...this.instances.map(({ id, address, ipv6Address, groupIds }) => ({
        NetworkInterfaceId: `eni-${id}`,
        Description: "",
        PrivateIpAddress: address,
        Ipv6Addresses: ipv6Of(ipv6Address),
        Attachment: { InstanceId: id },
        Groups: groupIds.map((GroupId) => ({ GroupId })),
      })),
      ...this.interfaces.map(({ description, groupIds, instanceId, address }, index) => ({
        NetworkInterfaceId: `eni-other-${index}`,
        Description: description,
        ...(address !== undefined && { PrivateIpAddress: address }),
        ...(instanceId !== undefined && { Attachment: { InstanceId: instanceId } }),
        Groups: groupIds.map((GroupId) => ({ GroupId })),
      })),
    ];
    return all.filter(({ Description = "", PrivateIpAddress = "", Ipv6Addresses = [], Groups = [] }) =>
      Object.entries(filters).every(([name, values]) => {
        if (name === "group-id") return Groups.some(({ GroupId = "" }) => values.includes(GroupId));
        if (name === "description") return values.includes(Description);
        if (name === "addresses.private-ip-address") return values.includes(PrivateIpAddress);
        if (name === "ipv6-addresses.ipv6-address") {
          return Ipv6Addresses.some(({ Ipv6Address = "" }) => values.includes(Ipv6Address));
        }
        return name === "vpc-id" && values.includes(this.vpcId);
      }),
    );
  }

  #describeGroups(only: readonly string[] | undefined): object[] {
    const byGroup = Map.groupBy(this.rules.values(), ({ GroupId = "" }) => GroupId);
    const meant = [...byGroup].filter(([id]) => only === undefined || only.includes(id));
    return meant.map(([GroupId, rules]) => ({
      GroupId,
      IpPermissions: rules.filter(({ IsEgress }) => IsEgress !== true).map(permissionOf),
      IpPermissionsEgress: rules.filter(({ IsEgress }) => IsEgress === true).map(permissionOf),
    }));
  }
}

function ipv6Of(address: string | undefined) {
  return address === undefined ? [] : [{ Ipv6Address: address }];
}

function filtersOf({ Filters = [] }: Input): Record<string, string[]> {
  return Object.fromEntries((Filters as Filters).map(({ Name = "", Values = [] }) => [Name, Values]));
}
