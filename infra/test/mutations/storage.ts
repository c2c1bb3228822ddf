import { production, sandbox } from "../support/assemblies.ts";
import { drop, edit, type Mutation, option, set, setWithin } from "../support/mutation.ts";

const BUCKET = "AWS::S3::Bucket";
const BUNDLES = /Bundles/;

interface TopicPolicy {
  Statement: { Principal: { Service?: string | string[] }; Condition?: unknown }[];
}

/** Takes a service out of what the topic's policy lets in. */
function withoutPublisher(service: string) {
  return edit("AWS::SNS::TopicPolicy", ({ PolicyDocument }) => {
    for (const { Principal } of (PolicyDocument as TopicPolicy).Statement) {
      if (Principal.Service !== undefined)
        Principal.Service = [Principal.Service].flat().filter((admitted) => admitted !== service);
    }
  });
}

/** Buckets, logs and alarms made wrong. */
export const storageMutations: readonly Mutation[] = [
  {
    property: "buckets/encrypted",
    name: "source bundles under S3's key",
    change: setWithin(
      BUCKET,
      ["BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault"],
      { SSEAlgorithm: "AES256" },
      BUNDLES,
    ),
  },
  {
    property: "buckets/encrypted",
    name: "no encryption of logs",
    change: set(BUCKET, "BucketEncryption", undefined, /^Logs/),
  },
  {
    property: "buckets/private",
    name: "public policies taken",
    change: setWithin(BUCKET, ["PublicAccessBlockConfiguration", "BlockPublicPolicy"], false),
  },
  {
    property: "buckets/private",
    name: "ACLs",
    change: setWithin(BUCKET, ["OwnershipControls", "Rules", 0, "ObjectOwnership"], "ObjectWriter"),
  },
  {
    property: "buckets/tls-only",
    name: "a bucket without policy",
    change: drop("AWS::S3::BucketPolicy", BUNDLES),
  },
  {
    property: "buckets/tls-only",
    name: "plain HTTP taken",
    change: edit(
      "AWS::S3::BucketPolicy",
      ({ PolicyDocument }) => {
        const policy = PolicyDocument as { Statement: { Condition?: { Bool?: unknown } }[] };
        policy.Statement = policy.Statement.filter(({ Condition }) => Condition?.Bool === undefined);
      },
      BUNDLES,
    ),
  },
  {
    property: "buckets/versioned",
    name: "no versions",
    change: set(BUCKET, "VersioningConfiguration", undefined),
  },
  {
    property: "buckets/access-logged",
    name: "no access log",
    change: set(BUCKET, "LoggingConfiguration", undefined, BUNDLES),
  },
  {
    property: "buckets/service-bucket",
    name: "Elastic Beanstalk's bucket made by name",
    change: set(BUCKET, "BucketName", "elasticbeanstalk-eu-west-1-111122223333", BUNDLES),
  },
  {
    property: "buckets/service-bucket",
    name: "Elastic Beanstalk's bucket left as it is",
    change: drop("Custom::ServiceBucket"),
  },
  {
    property: "buckets/kept",
    name: "a key that goes with the stack",
    of: production,
    change: edit("AWS::KMS::Key", (_, resource) => {
      resource.attributes.DeletionPolicy = "Delete";
    }),
  },
  {
    property: "buckets/bundles-stay",
    name: "source bundles that expire although they run",
    change: setWithin(BUCKET, ["LifecycleConfiguration", "Rules", 0, "ExpirationInDays"], 365, BUNDLES),
  },
  {
    property: "buckets/bundles-stay",
    name: "versions that go when the next one comes",
    change: edit("AWS::ElasticBeanstalk::ApplicationVersion", (_, resource) => {
      resource.attributes.UpdateReplacePolicy = "Delete";
    }),
  },
  {
    property: "logs/names-free-again",
    name: "a log group that stays when the first deployment fails",
    of: production,
    change: edit(
      "AWS::Logs::LogGroup",
      (_, resource) => {
        resource.attributes.DeletionPolicy = "Retain";
      },
      /webstdout/,
    ),
  },
  {
    property: "logs/names-free-again",
    name: "a backup vault that stays when the first deployment fails",
    of: production,
    change: edit("AWS::Backup::BackupVault", (_, resource) => {
      resource.attributes.DeletionPolicy = "Retain";
    }),
  },
  {
    property: "logs/kept-and-encrypted",
    name: "a log kept for a week",
    change: set("AWS::Logs::LogGroup", "RetentionInDays", 7, /FlowLogs/),
  },
  {
    property: "logs/kept-and-encrypted",
    name: "a log without key",
    change: set("AWS::Logs::LogGroup", "KmsKeyId", undefined, /FlowLogs/),
  },
  {
    property: "logs/environment",
    name: "a log group that Elastic Beanstalk would make",
    change: drop("AWS::Logs::LogGroup", /webstdout/),
  },
  {
    property: "logs/functions",
    name: "a function without log group",
    change: set("AWS::Lambda::Function", "LoggingConfig", undefined, /ServiceBucketFunction/),
  },
  {
    property: "secrets/own-key",
    name: "a random value in place of a key pair",
    of: { ...sandbox, topology: "clb-backend-auth" },
    change: set("AWS::SecretsManager::Secret", "GenerateSecretString", {}),
  },

  {
    property: "alarms/watch-what-matters",
    name: "no alarm on refused tokens",
    change: drop("AWS::CloudWatch::Alarm", /TokenFailures/),
  },
  {
    property: "alarms/watch-what-matters",
    name: "no alarm on the days left of the app's certificate",
    change: drop("AWS::CloudWatch::Alarm", /AppCertificateDays/),
  },
  {
    property: "alarms/app-metrics",
    name: "nothing that reads the app's lines",
    change: drop("AWS::Logs::Transformer", /AppMetrics/),
  },
  {
    property: "alarms/app-metrics",
    name: "metrics from lines that are no JSON",
    change: set("AWS::Logs::MetricFilter", "ApplyOnTransformedLogs", undefined, /HandshakesFailed/),
  },
  {
    property: "alarms/certificate-days",
    name: "no alarm on the certificate",
    change: drop("AWS::CloudWatch::Alarm", /CertificateDays/),
  },
  {
    property: "alarms/nat",
    name: "no alarm on the NAT instance",
    change: drop("AWS::CloudWatch::Alarm", /^NatInstance/),
  },
  {
    property: "alarms/nat",
    name: "no alarm on the NAT gateways",
    of: production,
    change: drop("AWS::CloudWatch::Alarm", /^NatGateway/),
  },
  {
    property: "alarms/reach-the-topic",
    name: "an alarm that nobody hears",
    change: set("AWS::CloudWatch::Alarm", "AlarmActions", [], /Latency/),
  },
  {
    property: "alarms/topic-sealed",
    name: "a topic in the clear",
    change: set("AWS::SNS::Topic", "KmsMasterKeyId", undefined),
  },
  {
    property: "alarms/topic-sealed",
    name: "a topic that takes plain HTTP",
    change: setWithin("AWS::SNS::TopicPolicy", ["PolicyDocument", "Statement"], []),
  },
  ...["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"].map((service) => ({
    property: "alarms/publishers-admitted",
    name: `a topic that ${service} may not publish to`,
    change: withoutPublisher(service),
  })),
  {
    property: "alarms/publishers-admitted",
    name: "a topic that services publish to for every account",
    change: edit("AWS::SNS::TopicPolicy", ({ PolicyDocument }) => {
      for (const statement of (PolicyDocument as TopicPolicy).Statement)
        if (statement.Principal.Service !== undefined) statement.Condition = undefined;
    }),
  },
  {
    property: "alarms/environment-events",
    name: "no word of the environment",
    change: option("aws:elasticbeanstalk:sns:topics", "Notification Topic ARN", undefined),
  },
  { property: "alarms/dashboard", name: "no dashboard", change: drop("AWS::CloudWatch::Dashboard") },
];
