import { production, sandbox } from "../support/assemblies.ts";
import {
  add,
  admit,
  drop,
  edit,
  letOut,
  type Mutation,
  option,
  set,
  setWithin,
} from "../support/mutation.ts";

const endpoints = { ...production, egress: "endpoints", s3PrefixListId: "pl-6da54004" } as const;
const anybody = (port: number) => ({ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: port, ToPort: port });
const INSTANCES = /^GroupsInstances/;

/** Networks made wrong. */
export const networkMutations: readonly Mutation[] = [
  {
    property: "network/no-public-addresses",
    name: "a subnet that gives out public addresses",
    change: set("AWS::EC2::Subnet", "MapPublicIpOnLaunch", true, /PublicSubnet1/),
  },
  {
    property: "network/instances-private",
    name: "public addresses on instances",
    change: option("aws:ec2:vpc", "AssociatePublicIpAddress", "true"),
  },
  {
    property: "network/instances-private",
    name: "instances in the public subnets",
    change: (assembly) => {
      const [publicSubnet] = assembly.ofType("AWS::EC2::Subnet").filter(({ id }) => /PublicSubnet1/.test(id));
      edit("AWS::ElasticBeanstalk::Environment", ({ OptionSettings }) => {
        for (const setting of OptionSettings as Record<string, unknown>[]) {
          if (setting.OptionName === "Subnets")
            setting.Value = { "Fn::Join": ["", [{ Ref: publicSubnet?.id }]] };
        }
      })(assembly);
    },
  },
  {
    property: "network/database-isolated",
    name: "a way out of a database subnet",
    change: (assembly) => {
      const [association] = assembly
        .ofType("AWS::EC2::SubnetRouteTableAssociation")
        .filter(({ id }) => /IsolatedSubnet1/.test(id));
      add("AWS::EC2::Route", "Wrong", {
        RouteTableId: association?.properties.RouteTableId,
        GatewayId: { Ref: "Gateway" },
      })(assembly);
    },
  },
  {
    property: "network/no-way-out",
    name: "a NAT gateway beside the endpoints",
    of: endpoints,
    change: add("AWS::EC2::NatGateway", "Wrong", {}),
  },
  {
    property: "network/no-way-out",
    name: "an endpoint missing",
    of: endpoints,
    change: drop("AWS::EC2::VPCEndpoint", /Logs/),
  },
  {
    property: "network/s3-endpoint-limited",
    name: "every bucket behind the S3 endpoint",
    change: setWithin("AWS::EC2::VPCEndpoint", ["PolicyDocument", "Statement", 0, "Resource"], "*"),
  },
  {
    property: "network/s3-endpoint-limited",
    name: "no policy at the S3 endpoint",
    change: set("AWS::EC2::VPCEndpoint", "PolicyDocument", undefined),
  },
  { property: "network/flow-logs", name: "no flow log", change: drop("AWS::EC2::FlowLog") },
  {
    property: "network/flow-logs",
    name: "a flow log of refused traffic only",
    change: set("AWS::EC2::FlowLog", "TrafficType", "REJECT"),
  },
  {
    property: "network/default-group-closed",
    name: "the default group left open",
    change: drop("Custom::VpcRestrictDefaultSG"),
  },
  {
    property: "network/nat-hardened",
    name: "a NAT instance that takes IMDSv1",
    change: setWithin("AWS::EC2::Instance", ["MetadataOptions", "HttpTokens"], "optional"),
  },
  {
    property: "network/nat-hardened",
    name: "a NAT instance with a plain disk",
    change: setWithin("AWS::EC2::Instance", ["BlockDeviceMappings", 0, "Ebs", "Encrypted"], false),
  },
  {
    property: "network/two-zones",
    name: "all subnets in one zone",
    change: set("AWS::EC2::Subnet", "AvailabilityZone", "eu-west-1a"),
  },

  {
    property: "groups/health-checks-admitted",
    name: "a network load balancer whose health checks are not let in",
    of: { ...sandbox, topology: "nlb-passthrough", clients: ["203.0.113.0/24"] },
    change: edit("AWS::EC2::SecurityGroup", ({ SecurityGroupIngress: rules }) => {
      if (Array.isArray(rules)) rules.splice(1, 1);
    }),
  },
  {
    property: "groups/only-443-from-clients",
    name: "port 80 open to everybody",
    change: admit(/^GroupsLoadBalancer/, anybody(80)),
  },
  {
    property: "groups/only-443-from-clients",
    name: "port 80 of the instances open to everybody beside the redirect",
    of: { ...sandbox, httpRedirect: true },
    change: admit(INSTANCES, anybody(80)),
  },
  {
    property: "groups/only-443-from-clients",
    name: "SSH open to everybody",
    change: admit(INSTANCES, anybody(22)),
  },
  {
    property: "groups/only-443-from-clients",
    name: "instances open to everybody",
    change: admit(INSTANCES, anybody(443)),
  },
  {
    property: "groups/only-443-from-clients",
    name: "the database open to everybody behind a network load balancer",
    of: { ...sandbox, topology: "nlb-passthrough" },
    change: admit(/^GroupsDatabase/, anybody(3307)),
  },
  {
    property: "groups/nat-from-inside",
    name: "the NAT open to everybody",
    change: admit(/Nat/, anybody(443)),
  },
  {
    property: "groups/instances-from-load-balancer",
    name: "another group admitted to the instances",
    change: admit(INSTANCES, {
      SourceSecurityGroupId: { "Fn::GetAtt": ["Other", "GroupId"] },
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
    }),
  },
  {
    property: "groups/instances-from-load-balancer",
    name: "the rule from the load balancer gone",
    change: drop("AWS::EC2::SecurityGroupIngress", /GroupsInstances/),
  },
  {
    property: "groups/instances-from-load-balancer",
    name: "plain HTTP admitted to the instances",
    change: setWithin("AWS::EC2::SecurityGroupIngress", ["FromPort"], 80, /GroupsInstances/),
  },
  {
    property: "groups/database-from-app",
    name: "the load balancer admitted to the database",
    change: (assembly) => {
      const [group] = assembly
        .ofType("AWS::EC2::SecurityGroup")
        .filter(({ id }) => /^GroupsLoadBalancer/.test(id));
      admit(/^GroupsDatabase/, {
        SourceSecurityGroupId: { "Fn::GetAtt": [group?.id, "GroupId"] },
        IpProtocol: "tcp",
        FromPort: 3307,
        ToPort: 3307,
      })(assembly);
    },
  },
  {
    property: "groups/load-balancer-to-instances",
    name: "a load balancer that may send anywhere",
    change: letOut(/^GroupsLoadBalancer/, anybody(443)),
  },
  {
    property: "groups/egress-closed",
    name: "instances that may send anything",
    change: letOut(INSTANCES, { CidrIp: "0.0.0.0/0", IpProtocol: "-1" }),
  },
  {
    property: "groups/egress-closed",
    name: "instances that may send plain HTTP",
    change: letOut(INSTANCES, anybody(80)),
  },
  {
    property: "groups/egress-closed",
    name: "a group left with the rule that AWS adds",
    change: set("AWS::EC2::SecurityGroup", "SecurityGroupEgress", [], /^GroupsDatabase/),
  },
  {
    property: "groups/database-sends-nothing",
    name: "a database that may send",
    change: letOut(/^GroupsDatabase/, anybody(443)),
  },
  {
    property: "groups/endpoints-only-by-group",
    name: "instances that may send to any address",
    of: endpoints,
    change: letOut(INSTANCES, anybody(443)),
  },
];
