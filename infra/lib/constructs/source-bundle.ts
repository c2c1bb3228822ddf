import type { CustomResource } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { Construct } from "constructs";
import { DeploymentFunction, type FunctionSettings } from "./deployment-function.ts";
import type { FunctionBundles } from "./function-bundles.ts";
import { SealedBucket } from "./sealed-bucket.ts";

/** What is published, and how. */
export interface SourceBundleProps {
  /** The zip file. */
  path: string;
  key: IKey;
  accessLogs: IBucket;
  isDisposable: boolean;
  functions: FunctionBundles;
  functionSettings: FunctionSettings;
}

/** The source bundle in a bucket of the deployment's own, under a name that holds its hash. */
export class SourceBundle extends Construct {
  readonly bucket: IBucket;
  readonly objectKey: string;
  /** Label of the application version: the same bundle is the same version. */
  readonly version: string;
  /** What an application version has to wait for. */
  readonly published: CustomResource;

  constructor(scope: Construct, id: string, props: SourceBundleProps) {
    super(scope, id);
    const asset = new Asset(this, "Asset", { path: props.path });
    this.version = asset.assetHash.slice(0, 16);
    this.objectKey = `source-bundles/${this.version}.zip`;
    // No object expires: a version that runs for long needs its bundle still, and nothing would upload it again.
    this.bucket = new SealedBucket(this, "Bundles", {
      key: props.key,
      isDisposable: props.isDisposable,
      accessLogs: props.accessLogs,
    }).bucket;
    const publisher = new DeploymentFunction(this, "PublishBundle", {
      ...props.functionSettings,
      bundle: props.functions.bundle("publish-bundle"),
      description: "Copies the source bundle into the deployment's own bucket",
    });
    for (const statement of copyStatements(asset, this.bucket, this.objectKey, props.key)) {
      publisher.function.addToRolePolicy(statement);
    }
    this.published = publisher.run("Published", {
      sourceBucket: asset.s3BucketName,
      sourceKey: asset.s3ObjectKey,
      targetBucket: this.bucket.bucketName,
      targetKey: this.objectKey,
    });
  }
}

/** This object may be read and that one written, and nothing else. */
function copyStatements(asset: Asset, target: IBucket, objectKey: string, key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ["s3:GetObject"],
      resources: [asset.bucket.arnForObjects(asset.s3ObjectKey)],
    }),
    new PolicyStatement({ actions: ["s3:PutObject"], resources: [target.arnForObjects(objectKey)] }),
    new PolicyStatement({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key.keyArn] }),
  ];
}
