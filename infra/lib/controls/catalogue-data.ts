import { acknowledged, type Control, inProductionOnly, met } from "./control.ts";

/** Demands on the database, keys, secrets and buckets. */
export const dataControls: readonly Control[] = [
  met("RDS.1 RDS.4", "snapshots private and encrypted; they inherit the key", "database/encrypted"),
  met(
    "RDS.2 RDS.46 CT.RDS.PR.23 CIS-3.2.3 NIST-RDSInstancePublicAccess",
    "no public access, no route out",
    "database/private",
    "network/database-isolated",
  ),
  met(
    "RDS.3 CT.RDS.PR.24 CT.RDS.PR.30 CIS-3.2.1 AwsSolutions-RDS2 NIST-RDSStorageEncrypted",
    "encrypted, with a key of one's own",
    "database/encrypted",
  ),
  inProductionOnly(
    "RDS.5 CT.RDS.PR.1 CIS-3.2.4 AwsSolutions-RDS3 NIST-RDSMultiAZSupport",
    "a standby in another zone",
    ["database/two-zones"],
    "a sandbox is cheap",
  ),
  met("RDS.6 CT.RDS.PR.2 NIST-RDSEnhancedMonitoringEnabled", "enhanced monitoring", "database/monitored"),
  inProductionOnly(
    "RDS.8 CT.RDS.PR.13 AwsSolutions-RDS10 NIST-RDSInstanceDeletionProtectionEnabled",
    "deletion protection",
    ["database/deletion-protected"],
    "a sandbox is removed as a whole",
  ),
  met("RDS.9 NIST-RDSLoggingEnabled", "logs exported to CloudWatch", "database/logs", "logs/environment"),
  acknowledged(
    "CT.RDS.PR.14",
    "exactly the logs audit, error, general and slowquery",
    "iam-db-auth-error is exported too: it says why a token was refused",
  ),
  met("RDS.10 CT.RDS.PR.7", "IAM authentication", "database/iam-auth", "access/app-user-only"),
  met(
    "RDS.11 CT.RDS.PR.8 AwsSolutions-RDS13 NIST-RDSInstanceBackupEnabled",
    "automatic backups",
    "database/backups",
  ),
  met("RDS.13 CT.RDS.PR.5 CIS-3.2.2", "automatic minor upgrades", "database/supported-version"),
  met("RDS.17 CT.RDS.PR.10", "tags copied to snapshots", "database/backups"),
  met("RDS.18 CT.RDS.PR.11 CT.RDS.PR.15", "a database in a VPC", "network/database-isolated"),
  met(
    "RDS.19 RDS.20 RDS.21 RDS.22 CT.RDS.PR.12 CT.RDS.PR.17 CT.RDS.PR.18 CT.RDS.PR.19",
    "events of database, parameters and groups told to somebody",
    "database/events",
  ),
  met("RDS.23 CT.RDS.PR.20 AwsSolutions-RDS11", "a port that is not the default", "database/own-names"),
  met("RDS.25 CT.RDS.PR.22", "an administrator name of one's own", "database/own-names"),
  met(
    "CT.RDS.PR.28 Config-rds-mysql-instance-encrypted-in-transit",
    "TLS required by the server",
    "database/tls-required",
    "database/own-parameters",
  ),
  inProductionOnly(
    "RDS.26 NIST-RDSInBackupPlan",
    "a backup plan",
    ["database/backup-plan"],
    "RDS's own backups of a week are enough for a sandbox",
  ),

  met("KMS.1 KMS.2", "no role may decrypt with every key", "keys/no-decrypt-everywhere"),
  met(
    "KMS.4 CIS-4.6 CT.KMS.PR.1 AwsSolutions-KMS5 NIST-KMSBackingKeyRotationEnabled",
    "keys rotated each year",
    "keys/rotated",
  ),
  met("CT.KMS.PR.3", "grants on keys for services of AWS only", "keys/grants-for-services"),
  inProductionOnly(
    "KMS.3",
    "keys not deleted by accident",
    ["buckets/kept"],
    "a sandbox is removed as a whole, its keys after seven days",
  ),
  met(
    "SecretsManager.1 SecretsManager.4",
    "the database's secret rotated; RDS does it every week",
    "database/managed-secret",
  ),
  acknowledged(
    "SecretsManager.2 AwsSolutions-SMG4 NIST-SecretsManagerRotationEnabled",
    "every secret rotated by a schedule",
    "a pinned key pair changes through the setting `backendKeys`, while two are trusted; an exported certificate is renewed by ACM",
  ),
  met(
    "NIST-SecretsManagerUsingKMSKey",
    "secrets under a key of one's own",
    "secrets/own-key",
    "secrets/key-usable",
  ),

  met("S3.1 S3.2 S3.3 S3.8 CIS-3.1.4 CT.S3.PR.1", "no public buckets", "buckets/private"),
  met(
    "S3.5 CIS-3.1.1 CT.S3.PR.8 AwsSolutions-S10 NIST-S3BucketSSLRequestsOnly",
    "TLS only",
    "buckets/tls-only",
    "buckets/service-bucket",
  ),
  met("S3.6", "no rights for other accounts", "buckets/private"),
  met(
    "S3.9 CT.S3.PR.2 AwsSolutions-S1 NIST-S3BucketLoggingEnabled",
    "access logged; the bucket of the logs itself is left out",
    "buckets/access-logged",
  ),
  met("S3.12 CT.S3.PR.5", "no ACLs", "buckets/private"),
  met("S3.13 S3.10 CT.S3.PR.3 CT.S3.PR.6 CT.S3.PR.11", "versions and a life cycle", "buckets/versioned"),
  met(
    "S3.14 S3.17 CT.S3.PR.10 NIST-S3DefaultEncryptionKMS",
    "source bundles under a key of one's own; load balancers write logs only where S3 manages the key",
    "buckets/encrypted",
  ),
  acknowledged(
    "S3.7 NIST-S3BucketReplicationEnabled",
    "copies in another Region",
    "bundles are made again from source, logs are also in CloudWatch",
  ),
  acknowledged(
    "S3.15 CT.S3.PR.9",
    "object lock",
    "versions are kept; a lock would keep a sandbox from being removed",
  ),
  acknowledged("S3.11 CT.S3.PR.4", "event notifications", "nothing acts on single objects here"),
];
