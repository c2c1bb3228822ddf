import { at, list, target } from "./assembly.ts";
import { every, inProduction, type Property } from "./property.ts";

const INSTANCE = "AWS::RDS::DBInstance";

/** What holds of the database. */
export const databaseProperties: readonly Property[] = [
  {
    id: "database/encrypted",
    title: "the database is encrypted with a key of its own",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "encrypted with a key of this deployment",
        ({ properties }) => properties.StorageEncrypted === true && target(properties.KmsKeyId) !== undefined,
      ),
  },
  {
    id: "database/private",
    title: "the database has no public address",
    check: (assembly) =>
      every(assembly, INSTANCE, "private", ({ properties }) => properties.PubliclyAccessible === false),
  },
  {
    id: "database/tls-required",
    title: "the database refuses plain connections and TLS below 1.2",
    check: (assembly) =>
      every(
        assembly,
        "AWS::RDS::DBParameterGroup",
        "requiring TLS 1.2 or 1.3",
        ({ properties }) =>
          at(properties.Parameters, "require_secure_transport") === "1" &&
          at(properties.Parameters, "tls_version") === "TLSv1.2,TLSv1.3",
      ),
  },
  {
    id: "database/own-parameters",
    title: "the database uses the parameters and options made for it",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "using the parameter and option groups of this stack",
        ({ properties }) =>
          target(properties.DBParameterGroupName) !== undefined &&
          target(properties.OptionGroupName) !== undefined,
      ),
  },
  {
    id: "database/no-file-import",
    title: "no client can make the database read a file",
    check: (assembly) =>
      every(
        assembly,
        "AWS::RDS::DBParameterGroup",
        "with local_infile off",
        ({ properties }) => at(properties.Parameters, "local_infile") === "0",
      ),
  },
  {
    id: "database/iam-auth",
    title: "the database takes IAM tokens",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "with IAM authentication",
        ({ properties }) => properties.EnableIAMDatabaseAuthentication === true,
      ),
  },
  {
    id: "database/managed-secret",
    title: "RDS makes and rotates the master password, and no template holds one",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "with a managed master secret under a key of this deployment",
        ({ properties }) =>
          properties.ManageMasterUserPassword === true &&
          target(at(properties.MasterUserSecret, "KmsKeyId")) !== undefined &&
          properties.MasterUserPassword === undefined,
      ),
  },
  {
    id: "database/own-names",
    title: "port and master user are not those that everybody tries first",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "with port and master user of its own",
        ({ properties }) =>
          String(properties.Port) !== "3306" &&
          !["admin", "root", "master", "administrator"].includes(String(properties.MasterUsername)),
      ),
  },
  {
    id: "database/supported-version",
    title:
      "the database runs MySQL 8.4, takes patches by itself, and never slides into paid extended support",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "MySQL 8.4 with automatic patches",
        ({ properties }) =>
          properties.Engine === "mysql" &&
          /^8\.4\./.test(String(properties.EngineVersion)) &&
          properties.AutoMinorVersionUpgrade === true &&
          properties.EngineLifecycleSupport === "open-source-rds-extended-support-disabled",
      ),
  },
  {
    id: "database/current-ca",
    title: "the database's certificate comes from a root that the app pins",
    check: (assembly) =>
      every(assembly, INSTANCE, "with a certificate of a G1 root", ({ properties }) =>
        /^rds-ca-(ecc384|rsa2048|rsa4096)-g1$/.test(String(properties.CACertificateIdentifier)),
      ),
  },
  {
    id: "database/backups",
    title: "the database is backed up for a week or longer, and snapshots carry its tags",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "backed up for at least 7 days",
        ({ properties }) =>
          Number(properties.BackupRetentionPeriod) >= 7 && properties.CopyTagsToSnapshot === true,
      ),
  },
  {
    id: "database/deletion-protected",
    title:
      "in production the database cannot be deleted by accident, and leaves a snapshot when it is replaced",
    appliesTo: inProduction,
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "protected from deletion",
        ({ properties, attributes }) =>
          properties.DeletionProtection === true &&
          attributes.DeletionPolicy === "Snapshot" &&
          attributes.UpdateReplacePolicy === "Snapshot",
      ),
  },
  {
    id: "database/two-zones",
    title: "in production a standby runs in another Availability Zone",
    appliesTo: inProduction,
    check: (assembly) =>
      every(assembly, INSTANCE, "in two Availability Zones", ({ properties }) => properties.MultiAZ === true),
  },
  {
    id: "database/logs",
    title: "the database's logs leave it, logins and refused tokens among them",
    check: (assembly) => [
      ...every(
        assembly,
        INSTANCE,
        "exporting audit, error, general, slowquery and iam-db-auth-error",
        ({ properties }) =>
          ["audit", "error", "general", "slowquery", "iam-db-auth-error"].every((name) =>
            list(properties.EnableCloudwatchLogsExports).includes(name),
          ),
      ),
      ...every(
        assembly,
        "AWS::RDS::OptionGroup",
        "with the audit plugin",
        ({ properties }) => at(properties.OptionConfigurations, 0, "OptionName") === "MARIADB_AUDIT_PLUGIN",
      ),
    ],
  },
  {
    id: "database/monitored",
    title: "the operating system of the database is watched, once a minute or more often",
    check: (assembly) =>
      every(
        assembly,
        INSTANCE,
        "with enhanced monitoring",
        ({ properties }) =>
          Number(properties.MonitoringInterval) >= 1 &&
          Number(properties.MonitoringInterval) <= 60 &&
          properties.MonitoringRoleArn !== undefined,
      ),
  },
  {
    id: "database/events",
    title: "failures and changes of the database, its parameters and its groups are told to the topic",
    check: (assembly) => {
      const sources = assembly
        .ofType("AWS::RDS::EventSubscription")
        .filter(({ properties }) => properties.Enabled === true)
        .map(({ properties }) => properties.SourceType);
      return ["db-instance", "db-parameter-group", "db-security-group"]
        .filter((type) => !sources.includes(type))
        .map((type) => `no subscription to events of ${type}`);
    },
  },
  {
    id: "database/prepared",
    title: "users and migrations are made from inside of the VPC, again whenever they change",
    check: (assembly) => {
      const prepared = assembly.ofType("Custom::PrepareDatabase");
      const functions = assembly
        .ofType("AWS::Lambda::Function")
        .filter(({ id }) => /^PreparationPrepareDatabaseFunction/.test(id));
      return [
        ...(prepared.some(({ properties }) => /^[0-9a-f]{16}$/.test(String(properties.fingerprint)))
          ? []
          : ["nothing prepares the database, or it has no fingerprint"]),
        ...(functions.some(({ properties }) => list(at(properties.VpcConfig, "SubnetIds")).length === 2)
          ? []
          : ["the function that prepares the database is not in the VPC"]),
      ];
    },
  },
];
