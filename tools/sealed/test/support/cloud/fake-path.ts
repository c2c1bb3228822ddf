import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeEnvironmentResourcesCommand,
  ElasticBeanstalkClient,
} from "@aws-sdk/client-elastic-beanstalk";
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { awsError } from "../harness.ts";
import { ACCOUNT } from "../world.ts";
import { FakeEc2 } from "./fake-ec2.ts";

/** What is to stand before two instances. */
export interface PathShape {
  kind?: "application" | "network" | "classic";
  /** Groups of the load balancer. */
  groupIds?: readonly string[];
  port?: number;
  healthPort?: number;
  targetGroup?: Partial<TargetGroup>;
  keepsClientAddress?: boolean;
  /** Of a Network or Application Load Balancer. */
  ipAddressType?: "ipv4" | "dualstack";
}

/** Group of the load balancer, and of the instances. */
export const LOAD_BALANCER_GROUP = "sg-lb";
export const APP_GROUP = "sg-app";
export const DATABASE_GROUP = "sg-db";

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer";

/** Returns a fake EC2 behind mocked clients, with a load balancer, two instances and a database. */
export function fakePath(shape: PathShape = {}) {
  const ec2 = new FakeEc2();
  ec2.instances.push(
    { id: "i-1", address: "10.0.2.11", ipv6Address: "2001:db8:2::11", groupIds: [APP_GROUP] },
    { id: "i-2", address: "10.0.3.12", ipv6Address: "2001:db8:3::12", groupIds: [APP_GROUP] },
  );
  ec2.subnets.set("subnet-1", "10.0.0.0/24").set("subnet-2", "10.0.1.0/24");
  const { kind = "application", groupIds = [LOAD_BALANCER_GROUP] } = shape;
  const description = { application: "ELB app/lb/50dc", network: "ELB net/lb/50dc", classic: "ELB lb" }[kind];
  if (groupIds.length > 0) ec2.interfaces.push({ description, groupIds });
  ec2.interfaces.push({
    description: "RDSNetworkInterface",
    groupIds: [DATABASE_GROUP],
    address: "10.0.4.1",
  });
  return { ec2, ...mockServices(ec2, shape) };
}

const EC2_COMMANDS = [
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
];

function mockServices(ec2: FakeEc2, shape: PathShape) {
  const sts = mockClient(STSClient);
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/operator` });
  const client = mockClient(EC2Client);
  for (const command of EC2_COMMANDS) {
    client.on(command as never).callsFake((input) => ec2.call(command.name.replace(/Command$/, ""), input));
  }
  const { kind = "application" } = shape;
  const beanstalk = mockClient(ElasticBeanstalkClient);
  const name = { application: `${ARN}/app/lb/50dc`, network: `${ARN}/net/lb/50dc`, classic: "lb" }[kind];
  beanstalk.on(DescribeEnvironmentResourcesCommand).resolves({
    EnvironmentResources: {
      LoadBalancers: [{ Name: name }],
      Instances: ec2.instances.map(({ id: Id }) => ({ Id })),
    },
  });
  return { sts, client, beanstalk, classic: mockClassic(ec2, shape), v2: mockV2(ec2, shape, name) };
}

function mockClassic(ec2: FakeEc2, shape: PathShape) {
  const { kind, groupIds = [LOAD_BALANCER_GROUP], port = 443, healthPort = port } = shape;
  const classic = mockClient(ElasticLoadBalancingClient);
  if (kind !== "classic") {
    classic
      .on(DescribeClassicCommand)
      .rejects(awsError("AccessPointNotFoundException", "There is no ACTIVE Load Balancer"));
    return classic;
  }
  classic.on(DescribeClassicCommand).resolves({
    LoadBalancerDescriptions: [
      {
        LoadBalancerName: "lb",
        VPCId: ec2.vpcId,
        SecurityGroups: [...groupIds],
        Subnets: ["subnet-1", "subnet-2"],
        Instances: ec2.instances.map(({ id }) => ({ InstanceId: id })),
        ListenerDescriptions: [
          {
            Listener: {
              Protocol: "HTTPS",
              LoadBalancerPort: 443,
              InstanceProtocol: "HTTPS",
              InstancePort: port,
            },
          },
        ],
        HealthCheck: {
          Target: `HTTPS:${healthPort}/readyz`,
          Interval: 30,
          Timeout: 5,
          HealthyThreshold: 2,
          UnhealthyThreshold: 2,
        },
      },
    ],
  });
  return classic;
}

function mockV2(ec2: FakeEc2, shape: PathShape, arn: string) {
  const { kind = "application", groupIds = [LOAD_BALANCER_GROUP], port = 443, healthPort = port } = shape;
  const v2 = mockClient(ElasticLoadBalancingV2Client);
  const Protocol = kind === "network" ? "TCP" : "HTTPS";
  v2.on(DescribeLoadBalancersCommand).resolves({
    LoadBalancers: [
      {
        LoadBalancerArn: arn,
        LoadBalancerName: "lb",
        Type: kind === "classic" ? "application" : kind,
        VpcId: ec2.vpcId,
        IpAddressType: shape.ipAddressType ?? "ipv4",
        SecurityGroups: [...groupIds],
        AvailabilityZones: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
      },
    ],
  });
  v2.on(DescribeTargetGroupsCommand).resolves({
    TargetGroups: [
      {
        TargetGroupArn: "tg-1",
        TargetGroupName: "tg",
        TargetType: "instance",
        Protocol,
        Port: port,
        ...shape.targetGroup,
      },
    ],
  });
  v2.on(DescribeTargetHealthCommand).callsFake(() => ({
    TargetHealthDescriptions: ec2.instances.map(({ id, ...addresses }) => ({
      Target: { Id: shape.targetGroup?.TargetType === "ip" ? addressOf(addresses, shape) : id, Port: port },
      HealthCheckPort: String(healthPort),
    })),
  }));
  v2.on(DescribeTargetGroupAttributesCommand).resolves({
    Attributes: [{ Key: "preserve_client_ip.enabled", Value: String(shape.keepsClientAddress ?? true) }],
  });
  return v2;
}

function addressOf(
  { address, ipv6Address }: { address: string; ipv6Address?: string },
  { targetGroup }: PathShape,
): string {
  return targetGroup?.IpAddressType === "ipv6" && ipv6Address !== undefined ? ipv6Address : address;
}
