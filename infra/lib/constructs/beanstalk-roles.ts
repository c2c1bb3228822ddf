import { Stack } from "aws-cdk-lib";
import { InstanceProfile, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { EnvironmentSecrets } from "../environment-problems.ts";

/** What the roles are for. */
export interface BeanstalkRolesProps {
  environmentName: string;
  applicationName: string;
  /** Encrypts the topic that Elastic Beanstalk publishes to. */
  topicKey: IKey;
  /** What instances read into environment variables when they start. */
  environmentSecrets: EnvironmentSecrets;
}

/**
 * The role of the instances, with no more than they need, and the role of Elastic Beanstalk itself.
 *
 * The instances have none of AWS's managed policies: the one for web environments may read every bucket whose
 * name begins with `elasticbeanstalk-`.
 */
export class BeanstalkRoles extends Construct {
  readonly instanceRole: Role;
  readonly instanceProfile: InstanceProfile;
  readonly serviceRole: Role;

  constructor(scope: Construct, id: string, props: BeanstalkRolesProps) {
    super(scope, id);
    this.instanceRole = new Role(this, "Instance", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });
    const statements = [
      ...instanceStatements(Stack.of(this), props),
      ...secretStatements(props.environmentSecrets),
    ];
    for (const statement of statements) this.instanceRole.addToPolicy(statement);
    this.instanceProfile = new InstanceProfile(this, "Profile", { role: this.instanceRole });
    this.serviceRole = new Role(this, "Service", {
      assumedBy: new ServicePrincipal("elasticbeanstalk.amazonaws.com", {
        conditions: { StringEquals: { "sts:ExternalId": "elasticbeanstalk" } },
      }),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSElasticBeanstalkEnhancedHealth"),
        ManagedPolicy.fromAwsManagedPolicyName("AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy"),
      ],
    });
    this.serviceRole.addToPolicy(
      new PolicyStatement({
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [props.topicKey.keyArn],
      }),
    );
  }
}

/** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-instanceprofile.html */
function instanceStatements(stack: Stack, props: BeanstalkRolesProps): PolicyStatement[] {
  const { environmentName, applicationName } = props;
  const bucket = `arn:${stack.partition}:s3:::elasticbeanstalk-${stack.region}-${stack.account}`;
  const logs = `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:/aws/elasticbeanstalk/${environmentName}/*`;
  const beanstalk = `arn:${stack.partition}:elasticbeanstalk:${stack.region}:${stack.account}`;
  return [
    new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket] }),
    new PolicyStatement({
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: [`${bucket}/resources/environments/*`, `${bucket}/${applicationName}/*`],
    }),
    new PolicyStatement({
      actions: ["s3:PutObject"],
      resources: [`${bucket}/resources/environments/logs/*`],
    }),
    new PolicyStatement({
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [logs],
    }),
    new PolicyStatement({
      actions: ["elasticbeanstalk:PutInstanceStatistics"],
      resources: [
        `${beanstalk}:application/${applicationName}`,
        `${beanstalk}:environment/${applicationName}/${environmentName}`,
      ],
    }),
    // Session Manager in place of SSH; its actions know no resource.
    new PolicyStatement({
      actions: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    }),
  ];
}

/** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.secrets.IAM-permissions.html */
function secretStatements(secrets: EnvironmentSecrets): PolicyStatement[] {
  return Object.values(secrets).flatMap(({ arn, keyArn }) => {
    const actions = [arn.includes(":ssm:") ? "ssm:GetParameter" : "secretsmanager:GetSecretValue"];
    // Without the JSON key: rights are on the whole secret.
    const resources = [arn.split(":").slice(0, 7).join(":")];
    return [
      new PolicyStatement({ actions, resources }),
      ...(keyArn === undefined
        ? []
        : [new PolicyStatement({ actions: ["kms:Decrypt"], resources: [keyArn] })]),
    ];
  });
}
