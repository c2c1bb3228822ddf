import { CreateStorageLocationCommand, type ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";
import { withTlsOnly } from "./bucket-policy.ts";

/** Our own rule of the bucket's life cycle. */
const OLD_VERSIONS = {
  ID: "sealed-old-versions",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
} as const satisfies LifecycleRule;

/** Properties of the custom resource. */
export interface ServiceBucketProperties {
  account: string;
  /** Changes with each version deployed, so that the bucket is hardened again each time. */
  version: string;
}

/** The services that are called. */
export interface ServiceBucketClients {
  beanstalk: Pick<ElasticBeanstalkClient, "send">;
  s3: Pick<S3Client, "send">;
}

/**
 * Hardens the bucket that Elastic Beanstalk keeps for the account and Region, in place.
 *
 * The service itself says which bucket that is, and makes it where there is none; a bucket of that name made
 * by a stack would fail wherever Elastic Beanstalk was ever used.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.S3.html
 */
export async function hardenServiceBucket(
  event: DeploymentEvent<ServiceBucketProperties>,
  clients: ServiceBucketClients,
): Promise<DeploymentAnswer> {
  const { account } = event.ResourceProperties;
  // Other environments of the account use the bucket: it stays, and stays hardened.
  if (event.RequestType === "Delete") return { PhysicalResourceId: event.PhysicalResourceId ?? "none" };
  const { S3Bucket: bucket = "" } = await clients.beanstalk.send(new CreateStorageLocationCommand({}));
  await harden(clients.s3, { Bucket: bucket, ExpectedBucketOwner: account });
  return { PhysicalResourceId: bucket };
}

async function harden(s3: Pick<S3Client, "send">, target: { Bucket: string; ExpectedBucketOwner: string }) {
  await s3.send(
    new PutPublicAccessBlockCommand({
      ...target,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  // With this, objects that Elastic Beanstalk writes with an ACL for the bucket's owner are accepted still.
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      ...target,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({ ...target, VersioningConfiguration: { Status: "Enabled" } }),
  );
  // S3 replaces all rules at once, and other environments of the account may have brought their own.
  const others = (await currentRules(s3, target)).filter(({ ID }) => ID !== OLD_VERSIONS.ID);
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      ...target,
      LifecycleConfiguration: { Rules: [...others, OLD_VERSIONS] },
    }),
  );
  const policy = withTlsOnly(await currentPolicy(s3, target), target.Bucket);
  await s3.send(new PutBucketPolicyCommand({ ...target, Policy: policy }));
}

async function currentRules(
  s3: Pick<S3Client, "send">,
  target: { Bucket: string; ExpectedBucketOwner: string },
): Promise<LifecycleRule[]> {
  try {
    return (await s3.send(new GetBucketLifecycleConfigurationCommand(target))).Rules ?? [];
  } catch (error) {
    if ((error as Error).name === "NoSuchLifecycleConfiguration") return [];
    throw error;
  }
}

async function currentPolicy(
  s3: Pick<S3Client, "send">,
  target: { Bucket: string; ExpectedBucketOwner: string },
): Promise<string | undefined> {
  try {
    return (await s3.send(new GetBucketPolicyCommand(target))).Policy;
  } catch (error) {
    if ((error as Error).name === "NoSuchBucketPolicy") return undefined;
    throw error;
  }
}
