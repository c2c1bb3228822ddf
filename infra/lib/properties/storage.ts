import { type Assembly, at, list, type TemplateResource, target } from "./assembly.ts";
import { every, inProduction, type Property } from "./property.ts";

const BUCKET = "AWS::S3::Bucket";
const LOG_GROUP = "AWS::Logs::LogGroup";

/** Kept like `Retain`, but removed when the deployment that makes it fails. */
const KEPT_ONCE_MADE = "RetainExceptOnCreate";

/** What holds of buckets and logs. */
export const storageProperties: readonly Property[] = [
  {
    id: "buckets/encrypted",
    title: "every bucket is encrypted, and that of the source bundles with a key of this deployment",
    check: (assembly) =>
      every(assembly, BUCKET, "encrypted", (bucket) => {
        const rule = at(
          bucket.properties.BucketEncryption,
          "ServerSideEncryptionConfiguration",
          0,
          "ServerSideEncryptionByDefault",
        );
        return isLogBucket(bucket)
          ? at(rule, "SSEAlgorithm") === "AES256"
          : at(rule, "SSEAlgorithm") === "aws:kms" && at(rule, "KMSMasterKeyID") !== undefined;
      }),
  },
  {
    id: "buckets/private",
    title: "no bucket can be made public, by policy or by ACL",
    check: (assembly) =>
      every(
        assembly,
        BUCKET,
        "private",
        ({ properties }) =>
          ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].every(
            (name) => at(properties.PublicAccessBlockConfiguration, name) === true,
          ) && at(properties.OwnershipControls, "Rules", 0, "ObjectOwnership") === "BucketOwnerEnforced",
      ),
  },
  {
    id: "buckets/tls-only",
    title: "every bucket refuses plain HTTP, and TLS below 1.2",
    check: (assembly) => [
      ...(assembly.ofType("AWS::S3::BucketPolicy").length === assembly.ofType(BUCKET).length
        ? []
        : ["a bucket without policy"]),
      ...every(
        assembly,
        "AWS::S3::BucketPolicy",
        "refusing plain HTTP and TLS below 1.2",
        ({ properties }) => {
          const denied = list(at(properties.PolicyDocument, "Statement")).filter(
            (statement) => at(statement, "Effect") === "Deny",
          );
          return (
            denied.some(
              (statement) => at(statement, "Condition", "Bool", "aws:SecureTransport") === "false",
            ) &&
            denied.some(
              (statement) => Number(at(statement, "Condition", "NumericLessThan", "s3:TlsVersion")) === 1.2,
            )
          );
        },
      ),
    ],
  },
  {
    id: "buckets/versioned",
    title: "every bucket keeps old versions for a while, and no more",
    check: (assembly) =>
      every(
        assembly,
        BUCKET,
        "versioned with a life cycle",
        ({ properties }) =>
          at(properties.VersioningConfiguration, "Status") === "Enabled" &&
          at(properties.LifecycleConfiguration, "Rules", 0, "NoncurrentVersionExpiration") !== undefined,
      ),
  },
  {
    id: "buckets/access-logged",
    title: "access to the source bundles is logged",
    check: (assembly) =>
      assembly
        .ofType(BUCKET)
        .filter(
          (bucket) =>
            !isLogBucket(bucket) &&
            target(at(bucket.properties.LoggingConfiguration, "DestinationBucketName")) === undefined,
        )
        .map(({ id }) => `${id}: no access log`),
  },
  {
    id: "buckets/service-bucket",
    title: "Elastic Beanstalk's own bucket is hardened with each version, and never created by name",
    check: (assembly) => [
      ...every(assembly, "Custom::ServiceBucket", "hardened with each version", ({ properties }) =>
        /^[0-9a-f]{16}$/.test(String(properties.version)),
      ),
      ...assembly
        .ofType(BUCKET)
        .filter(({ properties }) => properties.BucketName !== undefined)
        .map(({ id }) => `${id}: has a fixed name`),
    ],
  },
  {
    id: "buckets/kept",
    title: "in production buckets, keys and logs stay when the stack goes",
    appliesTo: inProduction,
    check: (assembly) =>
      [BUCKET, "AWS::KMS::Key", LOG_GROUP].flatMap((type) =>
        every(assembly, type, "kept", ({ attributes }) =>
          ["Retain", KEPT_ONCE_MADE].includes(String(attributes.DeletionPolicy)),
        ),
      ),
  },
  {
    id: "buckets/bundles-stay",
    title: "the source bundle of no version expires, and earlier versions stay for a roll-back",
    check: (assembly) => [
      ...assembly
        .ofType(BUCKET)
        .filter((bucket) => !isLogBucket(bucket))
        .filter(({ properties }) =>
          list(at(properties.LifecycleConfiguration, "Rules")).some(
            (rule) => at(rule, "ExpirationInDays") !== undefined,
          ),
        )
        .map(({ id }) => `${id}: its objects expire`),
      ...every(
        assembly,
        "AWS::ElasticBeanstalk::ApplicationVersion",
        "kept when the next one comes",
        ({ attributes }) => attributes.UpdateReplacePolicy === "Retain",
      ),
    ],
  },
  {
    id: "logs/names-free-again",
    title: "a first deployment that fails leaves no name behind that the next one needs",
    check: (assembly) =>
      [LOG_GROUP, "AWS::Backup::BackupVault"]
        .flatMap((type) => assembly.ofType(type))
        .filter(
          ({ properties, attributes }) =>
            (properties.LogGroupName ?? properties.BackupVaultName) !== undefined &&
            attributes.DeletionPolicy === "Retain",
        )
        .map(({ id }) => `${id}: stays, and its name is taken`),
  },
  {
    id: "logs/kept-and-encrypted",
    title: "every log group is encrypted with a key of this deployment and kept for a year",
    check: (assembly) =>
      every(
        assembly,
        LOG_GROUP,
        "encrypted and kept for 365 days",
        ({ properties }) => Number(properties.RetentionInDays) >= 365 && properties.KmsKeyId !== undefined,
      ),
  },
  {
    id: "logs/environment",
    title: "the groups that Elastic Beanstalk and RDS write to exist before them",
    check: (assembly) => {
      const names = assembly.ofType(LOG_GROUP).map(({ properties }) => String(properties.LogGroupName));
      const environment = String(
        assembly.ofType("AWS::ElasticBeanstalk::Environment")[0]?.properties.EnvironmentName,
      );
      const database = String(assembly.ofType("AWS::RDS::DBInstance")[0]?.properties.DBInstanceIdentifier);
      return [
        `/aws/elasticbeanstalk/${environment}/var/log/web.stdout.log`,
        `/aws/elasticbeanstalk/${environment}/var/log/eb-engine.log`,
        `/aws/rds/instance/${database}/audit`,
        `/aws/rds/instance/${database}/iam-db-auth-error`,
      ]
        .filter((name) => !names.includes(name))
        .map((name) => `no log group ${name}`);
    },
  },
  {
    id: "logs/functions",
    title: "every function writes to a log group of its own",
    check: (assembly: Assembly) =>
      assembly
        .ofType("AWS::Lambda::Function")
        // The library's own function, which closes the default security group once.
        .filter(({ id }) => !id.startsWith("CustomVpcRestrictDefaultSG"))
        .filter(({ properties }) => target(at(properties.LoggingConfig, "LogGroup")) === undefined)
        .map(({ id }) => `${id}: no log group of its own`),
  },
  {
    id: "secrets/own-key",
    title: "every secret is encrypted with a key of this deployment, and none has its value in a template",
    check: (assembly) =>
      assembly
        .ofType("AWS::SecretsManager::Secret")
        .filter(
          ({ properties }) =>
            properties.KmsKeyId === undefined ||
            properties.SecretString !== undefined ||
            properties.GenerateSecretString !== undefined,
        )
        .map(({ id }) => `${id}: another key, or a value`),
  },
];

/** Load balancers write access logs only where S3 manages the key. */
function isLogBucket({ id }: TemplateResource): boolean {
  return /^Logs[0-9A-F]{8}$/.test(id);
}
