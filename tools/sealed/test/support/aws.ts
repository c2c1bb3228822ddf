import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeEventsCommand, ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { awsError } from "./harness.ts";
import { healthyRegion } from "./healthy-region.ts";
import { ACCOUNT } from "./world.ts";

/** Returns mocked clients of an account that is bootstrapped and has no stack. */
export function emptyAccount() {
  const sts = mockClient(STSClient);
  const ssm = mockClient(SSMClient);
  const cloudFormation = mockClient(CloudFormationClient);
  const beanstalk = mockClient(ElasticBeanstalkClient);
  const logs = mockClient(CloudWatchLogsClient);
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/operator` });
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: "30" } });
  cloudFormation.on(DescribeStacksCommand).rejects(noSuchStack());
  cloudFormation.on(DescribeStackEventsCommand).rejects(noSuchStack());
  cloudFormation.on(ListStackResourcesCommand).resolves({});
  beanstalk.on(DescribeEventsCommand).resolves({ Events: [] });
  return { sts, ssm, cloudFormation, beanstalk, logs, ...healthyRegion(beanstalk) };
}

/** How CloudFormation says that there is no such stack. */
export function noSuchStack(): Error {
  return awsError("ValidationError", "Stack with id sealed-sandbox-web does not exist");
}
