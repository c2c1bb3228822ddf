import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/** Choices of a bucket. */
export interface SealedBucketProps {
  /** Key of its objects; absent: keys that S3 manages, which access logs of load balancers require. */
  key?: IKey;
  /** Objects are removed after so many days; absent: they stay. */
  retentionDays?: number;
  /** Removed with all objects when the stack goes; otherwise kept. */
  isDisposable: boolean;
  /** Where its own access log goes; absent: nowhere, for a bucket that holds access logs. */
  accessLogs?: IBucket;
}

/** Private, encrypted, versioned bucket that refuses plain HTTP and TLS below 1.2. */
export class SealedBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: SealedBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Resource", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: props.key === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: props.key !== undefined,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          ...(props.retentionDays !== undefined && { expiration: Duration.days(props.retentionDays) }),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      ...(props.accessLogs && {
        serverAccessLogsBucket: props.accessLogs,
        serverAccessLogsPrefix: `s3/${id}/`,
      }),
      removalPolicy: props.isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}
