import { Stack } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { DatabaseInstance } from "aws-cdk-lib/aws-rds";
import type { Construct } from "constructs";
import { DatabaseBackup } from "./constructs/database-backup.ts";
import { watchDatabase } from "./constructs/database-events.ts";
import { DatabasePreparation } from "./constructs/database-preparation.ts";
import { EncryptedDatabase } from "./constructs/encrypted-database.ts";
import type { FunctionBundles } from "./constructs/function-bundles.ts";
import { SealedKey } from "./constructs/sealed-key.ts";
import type { NetworkStack, SealedStackProps } from "./network-stack.ts";
import { removalPolicies } from "./removal-policies.ts";

/** What the data stack stands on. */
export interface DataStackProps extends SealedStackProps {
  network: NetworkStack;
  functions: FunctionBundles;
  /** Folder with the SQL migrations. */
  migrations: string;
}

/** The database, its key, its users and tables. */
export class DataStack extends Stack {
  /** Encrypts the database, its backups and secrets, and the source bundles. */
  readonly dataKey: IKey;
  readonly database: DatabaseInstance;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { config, network } = props;
    const { preset } = config;
    const removal = removalPolicies(preset);
    const { vpc } = network.network;
    this.dataKey = new SealedKey(this, "DataKey", {
      description: `Data of ${config.name}`,
      removalPolicy: removal.data,
      account: config.account,
    }).key;
    this.database = new EncryptedDatabase(this, "Database", {
      identifier: `${config.name}-${config.presetName}`,
      vpc,
      securityGroup: network.groups.database,
      preset,
      dataKey: this.dataKey,
      logKey: network.operationsKey,
    }).instance;
    watchDatabase(this, this.database, network.alarmTopic);
    if (preset.backupPlan) new DatabaseBackup(this, "Backup", { database: this.database, key: this.dataKey });
    new DatabasePreparation(this, "Preparation", {
      database: this.database,
      region: config.region,
      vpc,
      securityGroup: network.groups.preparation,
      bundle: props.functions.bundle("prepare-database", { migrations: props.migrations }),
      logKey: network.operationsKey,
      logRetentionDays: preset.logRetentionDays,
      removalPolicy: removal.named,
    });
  }
}
