import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from "aws-cdk-lib/aws-backup";
import { Schedule } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IDatabaseInstance } from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";

/** What is backed up, under which key. */
export interface DatabaseBackupProps {
  database: IDatabaseInstance;
  key: IKey;
}

/** Daily backups in a vault of their own, kept for five weeks: they outlive the database. */
export class DatabaseBackup extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseBackupProps) {
    super(scope, id);
    const vault = new BackupVault(this, "Vault", {
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const plan = new BackupPlan(this, "Plan", {
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: "daily",
          scheduleExpression: Schedule.cron({ hour: "1", minute: "0" }),
          deleteAfter: Duration.days(35),
        }),
      ],
    });
    plan.addSelection("Database", {
      resources: [BackupResource.fromRdsDatabaseInstance(props.database)],
    });
  }
}
