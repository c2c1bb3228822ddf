import { ACMClient } from "@aws-sdk/client-acm";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { SSMClient } from "@aws-sdk/client-ssm";
import { attend } from "../../aws/attend.ts";
import { clientSettings } from "../../aws/connect.ts";
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
  context: Pick<CommandContext, "reporter" | "signal">,
): Services {
  const settings = clientSettings(deployment);
  const attended = <C>(client: C): C => attend(client, context);
  return {
    acm: attended(new ACMClient(settings)),
    beanstalk: attended(new ElasticBeanstalkClient(settings)),
    classic: attended(new ElasticLoadBalancingClient(settings)),
    cloudFormation: attended(new CloudFormationClient(settings)),
    ec2: attended(new EC2Client(settings)),
    elbv2: attended(new ElasticLoadBalancingV2Client(settings)),
    logs: attended(new CloudWatchLogsClient(settings)),
    rds: attended(new RDSClient(settings)),
    ssm: attended(new SSMClient(settings)),
  };
}
