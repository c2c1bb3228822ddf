import { production } from "../support/assemblies.ts";
import { add, drop, edit, type Mutation, set, setWithin } from "../support/mutation.ts";

const DATABASE = "AWS::RDS::DBInstance";
const PARAMETERS = "AWS::RDS::DBParameterGroup";
const POLICY = "AWS::IAM::Policy";

/** Adds a statement to the policy of a role. */
function alsoAllow(id: RegExp, statement: Record<string, unknown>) {
  return edit(
    POLICY,
    ({ PolicyDocument }) => {
      (PolicyDocument as { Statement: unknown[] }).Statement.push({ Effect: "Allow", ...statement });
    },
    id,
  );
}

/** Databases and rights made wrong. */
export const dataMutations: readonly Mutation[] = [
  { property: "database/encrypted", name: "no encryption", change: set(DATABASE, "StorageEncrypted", false) },
  { property: "database/encrypted", name: "AWS's own key", change: set(DATABASE, "KmsKeyId", undefined) },
  {
    property: "database/private",
    name: "a public address",
    change: set(DATABASE, "PubliclyAccessible", true),
  },
  {
    property: "database/tls-required",
    name: "plain connections taken",
    change: setWithin(PARAMETERS, ["Parameters", "require_secure_transport"], "0"),
  },
  {
    property: "database/tls-required",
    name: "TLS 1.1 taken",
    change: setWithin(PARAMETERS, ["Parameters", "tls_version"], "TLSv1.1,TLSv1.2"),
  },
  {
    property: "database/own-parameters",
    name: "AWS's default parameters",
    change: set(DATABASE, "DBParameterGroupName", "default.mysql8.4"),
  },
  {
    property: "database/no-file-import",
    name: "file import on",
    change: setWithin(PARAMETERS, ["Parameters", "local_infile"], "1"),
  },
  {
    property: "database/iam-auth",
    name: "no IAM authentication",
    change: set(DATABASE, "EnableIAMDatabaseAuthentication", false),
  },
  {
    property: "database/managed-secret",
    name: "a password in the template",
    change: set(DATABASE, "MasterUserPassword", "x"),
  },
  {
    property: "database/managed-secret",
    name: "a secret under AWS's own key",
    change: set(DATABASE, "MasterUserSecret", undefined),
  },
  { property: "database/own-names", name: "MySQL's own port", change: set(DATABASE, "Port", "3306") },
  {
    property: "database/own-names",
    name: "admin as master",
    change: set(DATABASE, "MasterUsername", "admin"),
  },
  {
    property: "database/supported-version",
    name: "MySQL 8.0",
    change: set(DATABASE, "EngineVersion", "8.0.46"),
  },
  {
    property: "database/supported-version",
    name: "paid extended support",
    change: set(DATABASE, "EngineLifecycleSupport", "open-source-rds-extended-support"),
  },
  {
    property: "database/current-ca",
    name: "the root of 2019",
    change: set(DATABASE, "CACertificateIdentifier", "rds-ca-2019"),
  },
  {
    property: "database/backups",
    name: "backups of one day",
    change: set(DATABASE, "BackupRetentionPeriod", 1),
  },
  {
    property: "database/deletion-protected",
    name: "no deletion protection",
    of: production,
    change: set(DATABASE, "DeletionProtection", false),
  },
  {
    property: "database/deletion-protected",
    name: "no snapshot at the end",
    of: production,
    change: edit(DATABASE, (_, resource) => {
      resource.attributes.DeletionPolicy = "Delete";
    }),
  },
  {
    property: "database/two-zones",
    name: "no standby",
    of: production,
    change: set(DATABASE, "MultiAZ", false),
  },
  {
    property: "database/logs",
    name: "no log of refused tokens",
    change: set(DATABASE, "EnableCloudwatchLogsExports", ["audit", "error", "general", "slowquery"]),
  },
  {
    property: "database/logs",
    name: "no audit plugin",
    change: set("AWS::RDS::OptionGroup", "OptionConfigurations", []),
  },
  {
    property: "database/monitored",
    name: "no enhanced monitoring",
    change: set(DATABASE, "MonitoringInterval", 0),
  },
  {
    property: "database/events",
    name: "no word of changed parameters",
    change: drop("AWS::RDS::EventSubscription", /Eventsdbparametergroup/),
  },
  {
    property: "database/prepared",
    name: "nothing that prepares the database",
    change: drop("Custom::PrepareDatabase"),
  },
  {
    property: "database/prepared",
    name: "a preparation that never runs again",
    change: set("Custom::PrepareDatabase", "fingerprint", undefined),
  },
  {
    property: "database/prepared",
    name: "a preparation outside of the network",
    change: set("AWS::Lambda::Function", "VpcConfig", undefined, /^PreparationPrepareDatabaseFunction/),
  },

  {
    property: "access/app-user-only",
    name: "a second database user for the app",
    change: alsoAllow(/^EnvironmentRolesInstance/, {
      Action: "rds-db:connect",
      Resource: "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-X/root",
    }),
  },
  {
    property: "access/app-user-only",
    name: "every database user",
    change: edit(
      POLICY,
      ({ PolicyDocument }) => {
        for (const statement of (PolicyDocument as { Statement: Record<string, unknown>[] }).Statement) {
          if (statement.Action === "rds-db:connect") statement.Resource = "*";
        }
      },
      /^EnvironmentRolesInstance/,
    ),
  },
  {
    property: "access/migrator-user-only",
    name: "the app's user for the migrator",
    change: alsoAllow(/PrepareDatabaseRole/, { Action: "rds-db:connect", Resource: "*" }),
  },
  {
    property: "access/master-secret",
    name: "the master password for the app",
    change: alsoAllow(/^EnvironmentRolesInstance/, {
      Action: "secretsmanager:GetSecretValue",
      Resource: { "Fn::GetAtt": ["Database", "MasterUserSecret.SecretArn"] },
    }),
  },
  {
    property: "access/instances-least",
    name: "a wildcard action",
    change: alsoAllow(/^EnvironmentRolesInstance/, { Action: "s3:*", Resource: "*" }),
  },
  {
    property: "access/instances-least",
    name: "AWS's policy for web environments",
    change: set(
      "AWS::IAM::Role",
      "ManagedPolicyArns",
      ["arn:aws:iam::aws:policy/AWSElasticBeanstalkWebTier"],
      /^EnvironmentRolesInstance/,
    ),
  },
  {
    property: "access/session-manager",
    name: "no way in for operators",
    change: drop(POLICY, /^EnvironmentRolesInstance/),
  },
  {
    property: "access/no-admin",
    name: "a policy for everything",
    change: alsoAllow(/PublishBundle/, { Action: "*", Resource: "*" }),
  },
  {
    property: "functions/supported-runtime",
    name: "a retired runtime",
    change: set("AWS::Lambda::Function", "Runtime", "nodejs14.x", /PublishBundle/),
  },
  {
    property: "functions/private",
    name: "a function that anybody may call",
    change: add("AWS::Lambda::Permission", "Wrong", { Principal: "*" }),
  },
  {
    property: "functions/private",
    name: "a function with an address",
    change: add("AWS::Lambda::Url", "Wrong", {}),
  },
  {
    property: "keys/no-decrypt-everywhere",
    name: "a role that may decrypt everything",
    change: alsoAllow(/^EnvironmentRolesInstance/, { Action: "kms:Decrypt", Resource: "*" }),
  },
  {
    property: "keys/rotated",
    name: "a key that is never rotated",
    change: set("AWS::KMS::Key", "EnableKeyRotation", false, /^DataKey/),
  },
  {
    property: "keys/grants-for-services",
    name: "grants for anybody",
    change: edit(
      "AWS::KMS::Key",
      ({ KeyPolicy }) => {
        const policy = KeyPolicy as { Statement: { Effect: string }[] };
        policy.Statement = policy.Statement.filter(({ Effect }) => Effect === "Allow");
      },
      /^DataKey/,
    ),
  },
];
