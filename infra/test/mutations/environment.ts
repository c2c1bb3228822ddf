import { sandbox, withSecrets } from "../support/assemblies.ts";
import { drop, edit, type Mutation, option, set } from "../support/mutation.ts";

const LAUNCH = "aws:autoscaling:launchconfiguration";
const PROCESS = "aws:elasticbeanstalk:environment:process:default";
const VARIABLES = "aws:elasticbeanstalk:application:environment";
const ENVIRONMENT = "AWS::ElasticBeanstalk::Environment";
const classic = { ...sandbox, topology: "clb-backend-auth" } as const;

/** Environments made wrong. */
export const environmentMutations: readonly Mutation[] = [
  { property: "instances/imds-v2", name: "IMDSv1 on", change: option(LAUNCH, "DisableIMDSv1", "false") },
  {
    property: "instances/imds-v2",
    name: "nothing said about IMDSv1",
    change: option(LAUNCH, "DisableIMDSv1", undefined),
  },
  {
    property: "instances/own-group-only",
    name: "Elastic Beanstalk's own group",
    change: option(LAUNCH, "DisableDefaultEC2SecurityGroup", "false"),
  },
  { property: "instances/no-ssh", name: "an SSH key", change: option(LAUNCH, "EC2KeyName", "mine") },
  {
    property: "instances/ebs-encrypted",
    name: "nobody looking at EBS encryption",
    change: drop("Custom::EbsEncryption"),
  },
  {
    property: "instances/ebs-encrypted",
    name: "EBS encryption looked at once only",
    change: set("Custom::EbsEncryption", "version", undefined),
  },
  {
    property: "instances/nitro",
    name: "instances of the generation before Nitro",
    change: option("aws:ec2:instances", "InstanceTypes", "t4g.micro,t2.micro"),
  },
  {
    property: "instances/nitro",
    name: "a NAT instance of the generation before Nitro",
    change: set("AWS::EC2::Instance", "InstanceType", "t2.micro"),
  },
  {
    property: "network/nat-hardened",
    name: "a NAT instance with metrics each five minutes",
    change: set("AWS::EC2::Instance", "Monitoring", false),
  },
  {
    property: "instances/watched-each-minute",
    name: "metrics each five minutes",
    change: option(LAUNCH, "MonitoringInterval", "5 minute"),
  },
  {
    property: "instances/two-zones",
    name: "one zone",
    change: option("aws:autoscaling:asg", "Availability Zones", "Any 1"),
  },
  {
    property: "environment/enhanced-health",
    name: "basic health",
    change: option("aws:elasticbeanstalk:healthreporting:system", "SystemType", "basic"),
  },
  {
    property: "environment/enhanced-health",
    name: "an agent that is not authenticated",
    change: option("aws:elasticbeanstalk:healthreporting:system", "EnhancedHealthAuthEnabled", "false"),
  },
  {
    property: "environment/managed-updates",
    name: "no updates",
    change: option("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "false"),
  },
  {
    property: "environment/managed-updates",
    name: "patches only",
    change: option("aws:elasticbeanstalk:managedactions:platformupdate", "UpdateLevel", "patch"),
  },
  {
    property: "environment/logs-streamed",
    name: "logs on the instances only",
    change: option("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs", "false"),
  },
  {
    property: "environment/logs-streamed",
    name: "logs that go with the environment",
    change: option("aws:elasticbeanstalk:cloudwatch:logs", "DeleteOnTerminate", "true"),
  },
  {
    property: "environment/own-network",
    name: "the account's default network",
    change: option("aws:ec2:vpc", "VPCId", undefined),
  },
  {
    property: "environment/platform",
    name: "a solution stack that will be retired",
    change: set(ENVIRONMENT, "SolutionStackName", "64bit Amazon Linux 2 v5.5.0 running Node.js 14"),
  },
  {
    property: "environment/platform",
    name: "another branch",
    change: set(
      ENVIRONMENT,
      "PlatformArn",
      "arn:aws:elasticbeanstalk:::platform/Node.js 18 running on 64bit Amazon Linux 2023",
    ),
  },
  {
    property: "environment/health-decides",
    name: "health not looked at",
    change: option("aws:elasticbeanstalk:command", "IgnoreHealthCheck", "true"),
  },
  {
    property: "environment/no-secrets",
    name: "a password in the environment",
    change: option(VARIABLES, "DB_PASSWORD", "x"),
  },
  {
    property: "environment/no-secrets",
    name: "a secret resolved into the environment",
    change: option(VARIABLES, "DB_HOST", "{{resolve:secretsmanager:x}}"),
  },
  {
    property: "environment/variables-fit",
    name: "too long a variable",
    change: option(VARIABLES, "PUBLIC_HOSTS", "x".repeat(4_096)),
  },
  {
    property: "environment/timeouts-agree",
    name: "an idle timeout that the app was not told",
    change: option(VARIABLES, "LB_IDLE_TIMEOUT_SECONDS", "50"),
  },
  {
    property: "environment/timeouts-agree",
    name: "a drain that ends before health checks notice",
    change: option(VARIABLES, "DRAIN_SECONDS", "10"),
  },
  {
    property: "environment/timeouts-agree",
    name: "a deregistration delay shorter than the drain",
    change: option(PROCESS, "DeregistrationDelay", "5"),
  },
  {
    property: "environment/timeouts-agree",
    name: "the classic load balancer's idle timeout changed alone",
    of: classic,
    change: option("aws:elb:policies", "ConnectionSettingIdleTimeout", "120"),
  },
  {
    property: "environment/time-to-live",
    name: "no time to live",
    change: edit(ENVIRONMENT, (properties) => {
      properties.Tags = (properties.Tags as { Key: string }[]).filter(
        ({ Key }) => Key !== "sealed:ttl-hours",
      );
    }),
  },
  {
    property: "access/environment-secrets",
    name: "a variable without its secret",
    of: withSecrets,
    change: option("aws:elasticbeanstalk:application:environmentsecrets", "PARTNER_KEY", undefined),
  },
  {
    property: "access/environment-secrets",
    name: "a secret that instances may not read",
    of: withSecrets,
    change: edit(
      "AWS::IAM::Policy",
      ({ PolicyDocument }) => {
        const document = PolicyDocument as { Statement: Record<string, unknown>[] };
        document.Statement = document.Statement.filter(
          ({ Action }) => Action !== "secretsmanager:GetSecretValue",
        );
      },
      /RolesInstance/,
    ),
  },
];
