import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { DeploymentConfig } from "../config.ts";
import { DeploymentFunction, type FunctionSettings } from "./deployment-function.ts";
import type { FunctionBundles } from "./function-bundles.ts";

/** What is guarded, and when again. */
export interface AccountGuardsProps {
  config: DeploymentConfig;
  /** Label of the version that is deployed. */
  version: string;
  functions: FunctionBundles;
  functionSettings: FunctionSettings;
}

/**
 * What belongs to the account and not to a stack, and the deployment relies on: encryption of EBS volumes by
 * default, and the bucket that Elastic Beanstalk keeps.
 */
export class AccountGuards extends Construct {
  constructor(scope: Construct, id: string, props: AccountGuardsProps) {
    super(scope, id);
    const { config, functions, functionSettings } = props;
    const { account, region } = config;

    const volumes = new DeploymentFunction(this, "EbsEncryption", {
      ...functionSettings,
      bundle: functions.bundle("ebs-encryption"),
      description: "Makes sure that EBS volumes are encrypted by default",
    });
    volumes.function.addToRolePolicy(
      new PolicyStatement({
        actions: [
          "ec2:GetEbsEncryptionByDefault",
          ...(config.ebsEncryption === "enforce" ? ["ec2:EnableEbsEncryptionByDefault"] : []),
        ],
        resources: ["*"],
      }),
    );
    volumes.run("Checked", { mode: config.ebsEncryption, region, account, version: props.version });

    const bucket = new DeploymentFunction(this, "ServiceBucket", {
      ...functionSettings,
      bundle: functions.bundle("service-bucket"),
      description: "Hardens the bucket of Elastic Beanstalk in place",
    });
    for (const statement of serviceBucketStatements(region, account))
      bucket.function.addToRolePolicy(statement);
    bucket.run("Hardened", { account, version: props.version });
  }
}

function serviceBucketStatements(region: string, account: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ["elasticbeanstalk:CreateStorageLocation"], resources: ["*"] }),
    new PolicyStatement({
      actions: [
        "s3:CreateBucket",
        "s3:GetBucketPolicy",
        "s3:GetLifecycleConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutLifecycleConfiguration",
      ],
      resources: [`arn:aws:s3:::elasticbeanstalk-${region}-${account}`],
    }),
  ];
}
