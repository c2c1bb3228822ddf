import { ACMClient } from "@aws-sdk/client-acm";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, tellThrottling } from "../../aws/connect.ts";
import type { CommandContext } from "../../context.ts";
import type { Deployment } from "../../deployment/read-deployment.ts";

/** The services that are asked. */
export interface Services {
  acm: ACMClient;
  beanstalk: ElasticBeanstalkClient;
  classic: ElasticLoadBalancingClient;
  cloudFormation: CloudFormationClient;
  ec2: EC2Client;
  elbv2: ElasticLoadBalancingV2Client;
  logs: CloudWatchLogsClient;
  rds: RDSClient;
  ssm: SSMClient;
}

/** Returns the clients of a deployment's account and Region. */
export function connectServices(
  deployment: Deployment,
  { reporter }: Pick<CommandContext, "reporter">,
): Services {
  const settings = clientSettings(deployment);
  const told = <C>(client: C): C => tellThrottling(client, reporter.line);
  return {
    acm: told(new ACMClient(settings)),
    beanstalk: told(new ElasticBeanstalkClient(settings)),
    classic: told(new ElasticLoadBalancingClient(settings)),
    cloudFormation: told(new CloudFormationClient(settings)),
    ec2: told(new EC2Client(settings)),
    elbv2: told(new ElasticLoadBalancingV2Client(settings)),
    logs: told(new CloudWatchLogsClient(settings)),
    rds: told(new RDSClient(settings)),
    ssm: told(new SSMClient(settings)),
  };
}
