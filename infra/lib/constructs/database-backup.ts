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

/**
 * After the windows in which RDS backs up (2 to 3) and maintains (Tuesday until 4:30): during those, and for an
 * hour before each, RDS lets no backup begin.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
 */
const DAILY_AT_HOUR = "5";

/** Daily backups in a vault of their own, kept for five weeks: they outlive the database. */
export class DatabaseBackup extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseBackupProps) {
    super(scope, id);
    const vault = new BackupVault(this, "Vault", {
      encryptionKey: props.key,
      // Its name is always the same: a first deployment that fails must not leave it in the way of the next.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const plan = new BackupPlan(this, "Plan", {
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: "daily",
          scheduleExpression: Schedule.cron({ hour: DAILY_AT_HOUR, minute: "0" }),
          deleteAfter: Duration.days(35),
        }),
      ],
    });
    plan.addSelection("Database", {
      resources: [BackupResource.fromRdsDatabaseInstance(props.database)],
    });
  }
}
