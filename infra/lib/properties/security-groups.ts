import { type TopologyFacts, topologies } from "../topologies.ts";
import { type Assembly, list, target } from "./assembly.ts";
import type { Property } from "./property.ts";

/** Range of the rule by which the library says that a group sends nothing. */
const NOTHING = "255.255.255.255/32";

/** One rule of a security group, wherever it was written down. */
interface GroupRule {
  direction: "ingress" | "egress";
  group: string;
  /** The group on the other side. */
  peer: string | undefined;
  range: unknown;
  prefixList: unknown;
  protocol: unknown;
  fromPort: unknown;
  toPort: unknown;
}

/** What holds of the security groups. */
export const securityGroupProperties: readonly Property[] = [
  {
    id: "groups/only-443-from-clients",
    title:
      "no group admits an address range but on port 443 (and 80 with `httpRedirect`), and only the outermost one does",
    check: (assembly) => {
      const outermost = groupNamed(
        assembly,
        facts(assembly).instanceAdmits === "clients" ? "Instances" : "LoadBalancer",
      );
      const clientPorts = assembly.config.httpRedirect ? [443, 80] : [443];
      return rules(assembly)
        .filter(({ direction, range }) => direction === "ingress" && range !== undefined)
        .filter((rule) => !isNat(assembly, rule.group))
        .filter((rule) => rule.group !== outermost || !clientPorts.some((port) => isPort(rule, port)))
        .map(
          (rule) =>
            `${rule.group} admits ${String(rule.range)} on ${String(rule.fromPort)} to ${String(rule.toPort)}`,
        );
    },
  },
  {
    id: "groups/nat-from-inside",
    title: "the NAT instance admits HTTPS of the network's own addresses only",
    appliesTo: ({ egress }) => egress === "nat-instance",
    check: (assembly) =>
      rules(assembly)
        .filter(({ direction, group }) => direction === "ingress" && isNat(assembly, group))
        .filter((rule) => !isPort(rule, 443) || !String(rule.range).startsWith("10."))
        .map((rule) => `the NAT admits ${String(rule.range)} on ${String(rule.fromPort)}`),
  },
  {
    id: "groups/instances-from-load-balancer",
    title: "instances are reached from the load balancer's group on the app's port, and from nowhere else",
    appliesTo: ({ topology }) => topologies[topology].instanceAdmits === "load-balancer",
    check: (assembly) =>
      onlyFrom(assembly, "Instances", [groupNamed(assembly, "LoadBalancer")], facts(assembly).processPort),
  },
  {
    id: "groups/health-checks-admitted",
    title: "behind a network load balancer, instances admit its health checks whoever the clients are",
    appliesTo: ({ topology }) => topologies[topology].loadBalancer === "network",
    check: (assembly) => {
      const admitted = rules(assembly)
        .filter(
          ({ direction, group }) => direction === "ingress" && group === groupNamed(assembly, "Instances"),
        )
        .filter((rule) => isPort(rule, facts(assembly).processPort))
        .map(({ range }) => range);
      if (admitted.includes("0.0.0.0/0")) return [];
      const subnets = assembly.ofType("AWS::EC2::Subnet").filter(({ id }) => /PublicSubnet\d/.test(id));
      if (subnets.length === 0) return ["there is no public subnet for the load balancer"];
      return subnets
        .filter(({ properties }) => !admitted.includes(properties.CidrBlock))
        .map(({ id }) => `instances do not admit health checks from ${id}`);
    },
  },
  {
    id: "groups/database-from-app",
    title:
      "the database is reached from the instances and from the function that prepares it, and from nowhere else",
    check: (assembly) =>
      onlyFrom(
        assembly,
        "Database",
        [groupNamed(assembly, "Instances"), groupNamed(assembly, "Preparation")],
        3307,
      ),
  },
  {
    id: "groups/load-balancer-to-instances",
    title: "the load balancer sends to the instances only",
    appliesTo: ({ topology }) => topologies[topology].instanceAdmits === "load-balancer",
    check: (assembly) => {
      const group = groupNamed(assembly, "LoadBalancer");
      const wrong = egressOf(assembly, group).filter(
        (rule) =>
          rule.peer !== groupNamed(assembly, "Instances") || !isPort(rule, facts(assembly).processPort),
      );
      return wrong.map(
        (rule) => `the load balancer sends to ${String(rule.peer ?? rule.range)} on ${String(rule.fromPort)}`,
      );
    },
  },
  {
    id: "groups/egress-closed",
    title: "nothing leaves but HTTPS and, to the database's group, MySQL",
    check: (assembly) => [
      ...rules(assembly)
        .filter(({ direction, range }) => direction === "egress" && range !== NOTHING)
        .filter((rule) => {
          if (rule.range !== undefined || rule.prefixList !== undefined) return !isPort(rule, 443);
          return rule.peer === undefined || rule.protocol !== "tcp" || rule.fromPort !== rule.toPort;
        })
        .map(
          (rule) =>
            `${rule.group} lets out ${String(rule.protocol)} ${String(rule.fromPort)} to ${String(rule.toPort)}`,
        ),
      ...groupsWithoutEgress(assembly).map(
        (id) => `${id} has no egress rule: AWS adds one that lets everything out`,
      ),
    ],
  },
  {
    id: "groups/database-sends-nothing",
    title: "the database opens no connection",
    check: (assembly) =>
      egressOf(assembly, groupNamed(assembly, "Database")).map(
        (rule) => `the database sends to ${String(rule.peer ?? rule.range)}`,
      ),
  },
  {
    id: "groups/endpoints-only-by-group",
    title:
      "with egress by endpoints, instances reach the endpoints and S3's prefix list, and no address range",
    appliesTo: ({ egress }) => egress === "endpoints",
    check: (assembly) =>
      ["Instances", "Preparation"].flatMap((name) =>
        egressOf(assembly, groupNamed(assembly, name))
          .filter(({ range }) => range !== undefined)
          .map(({ range }) => `${name} may send to ${String(range)}`),
      ),
  },
];

function facts(assembly: Assembly): TopologyFacts {
  return topologies[assembly.config.topology];
}

/** Logical id of one of the chain's groups. */
function groupNamed(assembly: Assembly, name: string): string {
  const found = assembly
    .ofType("AWS::EC2::SecurityGroup")
    .find(({ id }) => new RegExp(`^Groups${name}[0-9A-F]{8}$`).test(id));
  return found?.id ?? `missing group ${name}`;
}

function isNat(assembly: Assembly, group: string): boolean {
  return assembly.ofType("AWS::EC2::SecurityGroup").some(({ id }) => id === group && id.includes("Nat"));
}

function isPort({ protocol, fromPort, toPort }: GroupRule, port: number): boolean {
  return protocol === "tcp" && fromPort === port && toPort === port;
}

function onlyFrom(assembly: Assembly, name: string, sources: readonly string[], port: number): string[] {
  const group = groupNamed(assembly, name);
  const admitted = rules(assembly).filter((rule) => rule.direction === "ingress" && rule.group === group);
  const wrong = admitted
    .filter((rule) => !isPort(rule, port) || rule.peer === undefined || !sources.includes(rule.peer))
    .map(
      (rule) =>
        `${name} admits ${String(rule.peer ?? rule.range)} on ${String(rule.fromPort)} to ${String(rule.toPort)}`,
    );
  const missing = sources
    .filter((source) => !admitted.some(({ peer }) => peer === source))
    .map((source) => `${name} does not admit ${source}`);
  return [...wrong, ...missing];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html */
function groupsWithoutEgress(assembly: Assembly): string[] {
  const closed = rules(assembly)
    .filter(({ direction }) => direction === "egress")
    .map(({ group }) => group);
  return assembly
    .ofType("AWS::EC2::SecurityGroup")
    .map(({ id }) => id)
    .filter((id) => !closed.includes(id));
}

/** What a group may send, less the placeholder by which the library says that it sends nothing. */
function egressOf(assembly: Assembly, group: string): GroupRule[] {
  return rules(assembly).filter(
    (rule) => rule.direction === "egress" && rule.group === group && rule.range !== NOTHING,
  );
}

function rules(assembly: Assembly): GroupRule[] {
  const inline = assembly
    .ofType("AWS::EC2::SecurityGroup")
    .flatMap(({ id, properties }) => [
      ...list(properties.SecurityGroupIngress).map((entry) => rule("ingress", id, entry)),
      ...list(properties.SecurityGroupEgress).map((entry) => rule("egress", id, entry)),
    ]);
  const separate = (direction: GroupRule["direction"], type: string) =>
    assembly
      .ofType(type)
      .map(({ properties }) => rule(direction, target(properties.GroupId) ?? "", properties));
  return [
    ...inline,
    ...separate("ingress", "AWS::EC2::SecurityGroupIngress"),
    ...separate("egress", "AWS::EC2::SecurityGroupEgress"),
  ];
}

function rule(direction: GroupRule["direction"], group: string, entry: unknown): GroupRule {
  const fields = entry as Record<string, unknown>;
  return {
    direction,
    group,
    peer: target(fields.SourceSecurityGroupId ?? fields.DestinationSecurityGroupId),
    range: fields.CidrIp ?? fields.CidrIpv6,
    prefixList: fields.DestinationPrefixListId ?? fields.SourcePrefixListId,
    protocol: fields.IpProtocol,
    fromPort: fields.FromPort,
    toPort: fields.ToPort,
  };
}
