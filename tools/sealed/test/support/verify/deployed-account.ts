import { ACMClient, GetCertificateCommand } from "@aws-sdk/client-acm";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, DescribeSecurityGroupRulesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeConfigurationSettingsCommand,
  DescribeEnvironmentResourcesCommand,
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
} from "@aws-sdk/client-elastic-beanstalk";
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand, DescribeDBParametersCommand, RDSClient } from "@aws-sdk/client-rds";
import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { ACCOUNT } from "../world.ts";
import type { Model } from "./deployed-model.ts";
import { CERTIFICATE, ENVIRONMENT, GROUPS, LOAD_BALANCER } from "./deployed-names.ts";

/** Returns mocked clients that answer by the model, as it is at the time of the question. */
export function deployedAccount(model: Model) {
  const sts = mockClient(STSClient);
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/auditor` });
  const acm = mockClient(ACMClient);
  acm.on(GetCertificateCommand).callsFake(() => ({ Certificate: model.certificatePem }));
  return {
    sts,
    acm,
    cloudFormation: stacks(model),
    beanstalk: environment(model),
    ...loadBalancers(model),
    ...inside(model),
  };
}

function stacks(model: Model) {
  const cloudFormation = mockClient(CloudFormationClient);
  const outputs = () =>
    model.url === undefined
      ? []
      : [
          { OutputKey: "EnvironmentUrl0A1B2C3D", OutputValue: model.url },
          { OutputKey: "EnvironmentEnvironmentName0A1B2C3D", OutputValue: ENVIRONMENT },
        ];
  cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => ({
    Stacks: [
      { StackName, StackStatus: "UPDATE_COMPLETE", Outputs: StackName.endsWith("web") ? outputs() : [] },
    ],
  }));
  cloudFormation.on(ListStackResourcesCommand).callsFake(({ StackName }) => ({
    StackResourceSummaries: resourcesOf(StackName, model).map(([ResourceType, PhysicalResourceId]) => ({
      ResourceType,
      PhysicalResourceId,
      ResourceStatus: "CREATE_COMPLETE",
    })),
  }));
  return cloudFormation;
}

function resourcesOf(stack: string, { topology, hasLoadBalancer }: Model): [type: string, name: string][] {
  if (stack.endsWith("network")) return Object.values(GROUPS).map((id) => ["AWS::EC2::SecurityGroup", id]);
  if (stack.endsWith("data")) return [["AWS::RDS::DBInstance", "sealed-sandbox"]];
  const own: [string, string][] =
    topology.startsWith("alb") && hasLoadBalancer
      ? [["AWS::ElasticLoadBalancingV2::LoadBalancer", LOAD_BALANCER]]
      : [];
  return [...own, ["Custom::ImportedCertificate", CERTIFICATE]];
}

function environment(model: Model) {
  const beanstalk = mockClient(ElasticBeanstalkClient);
  beanstalk
    .on(DescribeEnvironmentsCommand)
    .callsFake(() => ({ Environments: model.environment === undefined ? [] : [model.environment] }));
  beanstalk.on(DescribeEnvironmentResourcesCommand).callsFake(() => ({
    EnvironmentResources: {
      Instances: model.instances.map(({ id: Id }) => ({ Id })),
      LoadBalancers: model.hasLoadBalancer ? [{ Name: balancerName(model) }] : [],
    },
  }));
  beanstalk
    .on(DescribeConfigurationSettingsCommand)
    .callsFake(() => ({ ConfigurationSettings: [{ OptionSettings: model.settings }] }));
  return beanstalk;
}

function balancerName({ topology }: Model): string {
  return topology === "clb-backend-auth" ? "awseb-e-classic" : LOAD_BALANCER;
}

function loadBalancers(model: Model) {
  const elbv2 = mockClient(ElasticLoadBalancingV2Client);
  elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ SecurityGroups: [GROUPS.balancer] }] });
  elbv2.on(DescribeListenersCommand).callsFake(() => ({ Listeners: model.listeners }));
  elbv2.on(DescribeRulesCommand).callsFake(() => ({ Rules: model.listenerRules }));
  elbv2.on(DescribeTargetGroupsCommand).callsFake(() => ({ TargetGroups: model.targetGroups }));
  elbv2.on(DescribeTargetHealthCommand).callsFake(() => ({ TargetHealthDescriptions: model.targets }));
  const classic = mockClient(ElasticLoadBalancingClient);
  classic
    .on(DescribeClassicCommand)
    .callsFake(() => ({ LoadBalancerDescriptions: model.classic === undefined ? [] : [model.classic] }));
  classic.on(DescribeLoadBalancerPoliciesCommand).callsFake(() => ({ PolicyDescriptions: model.policies }));
  classic.on(DescribeInstanceHealthCommand).callsFake(() => ({ InstanceStates: model.instanceStates }));
  return { elbv2, classic };
}

function inside(model: Model) {
  const ec2 = mockClient(EC2Client);
  ec2.on(DescribeInstancesCommand).callsFake(({ InstanceIds = [] }: { InstanceIds?: string[] }) => ({
    Reservations: InstanceIds.map((InstanceId) => ({
      Instances: [{ InstanceId, SecurityGroups: [{ GroupId: GROUPS.instances }] }],
    })),
  }));
  ec2.on(DescribeSecurityGroupRulesCommand).callsFake(({ Filters = [] }) => ({
    SecurityGroupRules: model.rules.filter(({ GroupId }) => Filters[0]?.Values?.includes(GroupId)),
  }));
  const rds = mockClient(RDSClient);
  rds.on(DescribeDBInstancesCommand).callsFake(() => ({ DBInstances: model.databases }));
  rds
    .on(DescribeDBParametersCommand)
    .callsFake(({ Marker }) =>
      Marker === undefined
        ? { Parameters: model.parameters.slice(0, 1), Marker: "rest" }
        : { Parameters: model.parameters.slice(1) },
    );
  const logs = mockClient(CloudWatchLogsClient);
  logs.on(FilterLogEventsCommand).callsFake(({ logStreamNames = [], startTime }) => ({
    events: model.log.filter(
      ({ logStreamName, timestamp = 0 }) => logStreamNames.includes(logStreamName) && timestamp >= startTime,
    ),
  }));
  const ssm = mockClient(SSMClient);
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: "command-1" } });
  ssm.on(GetCommandInvocationCommand).callsFake(({ InstanceId }) => ({
    Status: "Success",
    StandardOutputContent: model.servedBy[InstanceId],
  }));
  return { ec2, rds, logs, ssm };
}
