import { type Assembly, at, list, target } from "./assembly.ts";
import { every, optionsAre, type Property } from "./property.ts";

/** What holds of the network. */
export const networkProperties: readonly Property[] = [
  {
    id: "network/no-public-addresses",
    title: "no subnet gives out public addresses by itself",
    check: (assembly) =>
      every(
        assembly,
        "AWS::EC2::Subnet",
        "without public addresses",
        (subnet) => subnet.properties.MapPublicIpOnLaunch === false,
      ),
  },
  {
    id: "network/instances-private",
    title: "instances lie in private subnets and have no public address",
    appliesTo: ({ topology }) => topology !== "single-instance",
    check: (assembly) => [
      ...optionsAre(assembly, "aws:ec2:vpc", { AssociatePublicIpAddress: "false" }),
      ...subnetsOf(assembly.option("aws:ec2:vpc", "Subnets"))
        .filter((id) => hasRouteTo(assembly, id, "GatewayId"))
        .map((id) => `${id}: an instance subnet with a route to the Internet gateway`),
    ],
  },
  {
    id: "network/database-isolated",
    title: "no route leads out of the database's subnets",
    check: (assembly) => {
      const subnets = assembly
        .ofType("AWS::RDS::DBSubnetGroup")
        .flatMap(({ properties }) => list(properties.SubnetIds));
      if (subnets.length < 2) return ["AWS::RDS::DBSubnetGroup: fewer than two subnets"];
      return subnets
        .map((subnet) => target(subnet) ?? "")
        .filter(
          (id) =>
            hasRouteTo(assembly, id, "GatewayId") ||
            hasRouteTo(assembly, id, "NatGatewayId") ||
            hasRouteTo(assembly, id, "InstanceId"),
        )
        .map((id) => `${id}: a database subnet with a route out`);
    },
  },
  {
    id: "network/no-way-out",
    title:
      "with egress by endpoints, private subnets have no route to the Internet, and endpoints in its place",
    appliesTo: ({ egress }) => egress === "endpoints",
    check: (assembly) => [
      ...["AWS::EC2::NatGateway", "AWS::EC2::Instance"].flatMap((type) =>
        assembly.ofType(type).map(({ id }) => `${id}: a way out`),
      ),
      ...every(
        assembly,
        "AWS::EC2::VPCEndpoint",
        "private",
        ({ properties }) => properties.VpcEndpointType === "Gateway" || properties.PrivateDnsEnabled === true,
      ),
      ...(assembly.ofType("AWS::EC2::VPCEndpoint").length < 9
        ? ["fewer than eight interface endpoints and the one of S3"]
        : []),
    ],
  },
  {
    id: "network/s3-endpoint-limited",
    title:
      "through the S3 endpoint only AWS's own buckets and Elastic Beanstalk's bucket of this account are reached",
    check: (assembly) => {
      const gateways = assembly
        .ofType("AWS::EC2::VPCEndpoint")
        .filter(({ properties }) => properties.VpcEndpointType === "Gateway");
      const statements = gateways.flatMap(({ properties }) =>
        list(at(properties.PolicyDocument, "Statement")),
      );
      if (statements.length === 0) return ["the S3 endpoint has no policy: it lets everything pass"];
      return statements
        .flatMap((statement) => list(at(statement, "Resource")))
        .filter(
          (resource) => typeof resource !== "string" || !/^arn:aws:s3:::[a-z0-9-]+(\/\*)?$/.test(resource),
        )
        .map((resource) => `the S3 endpoint lets ${JSON.stringify(resource)} pass`);
    },
  },
  {
    id: "network/flow-logs",
    title: "all traffic of the network is logged",
    check: (assembly) =>
      every(
        assembly,
        "AWS::EC2::FlowLog",
        "a log of all traffic",
        ({ properties }) => properties.TrafficType === "ALL",
      ),
  },
  {
    id: "network/default-group-closed",
    title: "the default security group of the network admits nothing",
    check: (assembly) => every(assembly, "Custom::VpcRestrictDefaultSG", "there", () => true),
  },
  {
    id: "network/nat-hardened",
    title:
      "the NAT instance takes metadata requests of version 2 only, has an encrypted disk, and is watched",
    appliesTo: ({ egress }) => egress === "nat-instance",
    check: (assembly) =>
      every(
        assembly,
        "AWS::EC2::Instance",
        "with IMDSv2, hop limit 1, an encrypted disk and detailed monitoring",
        ({ properties }) =>
          at(properties.MetadataOptions, "HttpTokens") === "required" &&
          at(properties.MetadataOptions, "HttpPutResponseHopLimit") === 1 &&
          at(properties.BlockDeviceMappings, 0, "Ebs", "Encrypted") === true &&
          properties.Monitoring === true &&
          properties.KeyName === undefined,
      ),
  },
  {
    id: "network/two-zones",
    title: "public, private and isolated subnets exist in two Availability Zones",
    check: (assembly) => {
      const zones = assembly
        .ofType("AWS::EC2::Subnet")
        .map(({ properties }) => JSON.stringify(properties.AvailabilityZone));
      const counts = new Map<string, number>();
      for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
      return counts.size === 2 && [...counts.values()].every((count) => count === 3)
        ? []
        : [`wanted three subnets in each of two zones, got ${JSON.stringify([...counts])}`];
    },
  },
];

/** Logical ids of the subnets that an option names, a joined list. */
function subnetsOf(value: unknown): string[] {
  return list(at(value, "Fn::Join", 1)).flatMap((part) => target(part) ?? []);
}

function hasRouteTo(assembly: Assembly, subnetId: string, kind: string): boolean {
  const tables = assembly
    .ofType("AWS::EC2::SubnetRouteTableAssociation")
    .filter(({ properties }) => target(properties.SubnetId) === subnetId)
    .map(({ properties }) => target(properties.RouteTableId));
  return assembly
    .ofType("AWS::EC2::Route")
    .some(
      ({ properties }) => tables.includes(target(properties.RouteTableId)) && properties[kind] !== undefined,
    );
}
