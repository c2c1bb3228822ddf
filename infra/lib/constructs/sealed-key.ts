import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";

/** What a key is for. */
export interface SealedKeyProps {
  description: string;
  removalPolicy: RemovalPolicy;
  /** Services that encrypt with it for this account, such as `logs.eu-west-1.amazonaws.com`. */
  services?: readonly string[];
  /** The account they must do it for. */
  account: string;
}

/** Customer-managed key, rotated every year, that only services of AWS may pass on by grants. */
export class SealedKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: SealedKeyProps) {
    super(scope, id);
    const key = new Key(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(props.removalPolicy === RemovalPolicy.DESTROY ? 7 : 30),
      removalPolicy: props.removalPolicy,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: "OnlyServicesPassItOn",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["kms:CreateGrant"],
        resources: ["*"],
        conditions: {
          BoolIfExists: { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" },
        },
      }),
    );
    for (const service of props.services ?? []) allowService(key, service, props.account);
    this.key = key;
  }
}

function allowService(key: Key, service: string, account: string): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: `Service${service.replaceAll(/[^a-z0-9]/gi, "")}`,
      principals: [new ServicePrincipal(service)],
      actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:DescribeKey"],
      resources: ["*"],
      // CloudWatch Logs sends no source account, but the ARN of the log group in the encryption context.
      conditions: service.startsWith("logs.")
        ? { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:*:logs:*:${account}:*` } }
        : { StringEquals: { "aws:SourceAccount": account } },
    }),
  );
}
