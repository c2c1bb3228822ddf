import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3ControlClient } from "@aws-sdk/client-s3-control";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import type { CommandContext } from "../context.ts";
import { findStack } from "../deploy/stack-states.ts";
import type { Deployment } from "../deployment/read-deployment.ts";

/** The account that checks look at, and what they know of it. */
export interface Account {
  deployment: Deployment;
  context: CommandContext;
  ec2: EC2Client;
  quotas: ServiceQuotasClient;
  s3Control: S3ControlClient;
  rds: RDSClient;
  beanstalk: ElasticBeanstalkClient;
  cloudFormation: CloudFormationClient;
  /** What of the deployment stands already and needs no room any more. */
  standing: Standing;
}

/** Stacks of the deployment that exist. */
export interface Standing {
  network: boolean;
  data: boolean;
  web: boolean;
}

/** States of a stack of which nothing is left, or nothing was ever made. */
const NOT_STANDING = ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"];

/** Returns the clients for an account in which nothing stands as far as is known. */
export function openAccount(deployment: Deployment, context: CommandContext): Account {
  const settings = clientSettings(deployment);
  const { line } = context.reporter;
  return {
    deployment,
    context,
    ec2: tellTrouble(new EC2Client(settings), line),
    quotas: tellTrouble(new ServiceQuotasClient(settings), line),
    s3Control: tellTrouble(new S3ControlClient(settings), line),
    rds: tellTrouble(new RDSClient(settings), line),
    beanstalk: tellTrouble(new ElasticBeanstalkClient(settings), line),
    cloudFormation: tellTrouble(new CloudFormationClient(settings), line),
    standing: { network: false, data: false, web: false },
  };
}

/** Returns which stacks of the deployment the account has. */
export async function readStanding({ cloudFormation, deployment, context }: Account): Promise<Standing> {
  const stands = async (name: string) => {
    const status = (await findStack(cloudFormation, name, context.signal))?.StackStatus;
    return status !== undefined && !NOT_STANDING.includes(status);
  };
  const [network = false, data = false, web = false] = await Promise.all(deployment.stackNames.map(stands));
  return { network, data, web };
}

/** Returns the options of an AWS CLI command for the same place. */
export function placeOptions({ region, profile }: Pick<Deployment, "region" | "profile">): string {
  return ` --region ${region}${profile === undefined ? "" : ` --profile ${profile}`}`;
}
