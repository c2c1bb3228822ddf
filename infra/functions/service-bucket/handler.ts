import { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { S3Client } from "@aws-sdk/client-s3";
import type { DeploymentEvent } from "../deployment-event.ts";
import { hardenServiceBucket, type ServiceBucketProperties } from "./harden.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<ServiceBucketProperties>) =>
  hardenServiceBucket(event, { beanstalk: new ElasticBeanstalkClient({}), s3: new S3Client({}) });
