import { CopyObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";

/** Properties of the custom resource. */
export interface BundleProperties {
  sourceBucket: string;
  sourceKey: string;
  targetBucket: string;
  /** Holds the hash of the bundle, so that no version ever changes its content. */
  targetKey: string;
}

/**
 * Copies the source bundle into the deployment's own bucket, where each version stays for a roll-back.
 *
 * Nothing is removed, here or by the bucket's life cycle: what runs for long needs its bundle still.
 */
export async function publishBundle(
  event: DeploymentEvent<BundleProperties>,
  client: Pick<S3Client, "send">,
): Promise<DeploymentAnswer> {
  const { sourceBucket, sourceKey, targetBucket, targetKey } = event.ResourceProperties;
  if (event.RequestType !== "Delete") {
    await client.send(
      new CopyObjectCommand({
        CopySource: `${sourceBucket}/${sourceKey}`,
        Bucket: targetBucket,
        Key: targetKey,
      }),
    );
  }
  return { PhysicalResourceId: `${targetBucket}/${targetKey}` };
}
