import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";

/**
 * Returns what instances may reach through the S3 endpoint, and nothing else: no bucket of another account
 * can take data out of this network.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/vpc-vpce.html
 * @see https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
 */
export function serviceBucketStatements(region: string, account: string): PolicyStatement[] {
  const compactRegion = region.replaceAll("-", "");
  const readable = [
    `elasticbeanstalk-${region}`,
    `elasticbeanstalk-platform-assets-${region}`,
    `elasticbeanstalk-env-resources-${region}`,
    `elasticbeanstalk-samples-${region}`,
    `al2023-repos-${region}-de612dc2`,
    `amazon-ssm-${region}`,
    `aws-ssm-${region}`,
  ];
  // Written to with signed addresses that CloudFormation hands out.
  const answers = [
    `cloudformation-waitcondition-${region}`,
    `cloudformation-custom-resource-response-${compactRegion}`,
  ];
  return [
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ["s3:GetObject"],
      resources: readable.map((bucket) => `arn:aws:s3:::${bucket}/*`),
    }),
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ["s3:PutObject"],
      resources: answers.map((bucket) => `arn:aws:s3:::${bucket}/*`),
    }),
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"],
      resources: [
        `arn:aws:s3:::elasticbeanstalk-${region}-${account}`,
        `arn:aws:s3:::elasticbeanstalk-${region}-${account}/*`,
      ],
      conditions: { StringEquals: { "aws:PrincipalAccount": account } },
    }),
  ];
}
