import { type Assembly, at, target } from "./assembly.ts";
import { every, inProduction, type Property } from "./property.ts";

/** What holds of the copies that outlive the database. */
export const backupProperties: readonly Property[] = [
  {
    id: "database/backup-plan",
    title: "in production AWS Backup keeps copies in a vault with a key of this deployment",
    appliesTo: inProduction,
    check: (assembly) => [
      ...every(assembly, "AWS::Backup::BackupSelection", "there", () => true),
      ...every(
        assembly,
        "AWS::Backup::BackupVault",
        "encrypted with a key of this deployment",
        ({ properties }) => target(properties.EncryptionKeyArn) !== undefined,
      ),
    ],
  },
  {
    id: "database/backup-hour",
    title: "AWS Backup begins when RDS lets it: not in a window of RDS, nor in the hour before one",
    appliesTo: inProduction,
    check: (assembly) =>
      every(assembly, "AWS::Backup::BackupPlan", "outside of the windows of RDS", ({ properties }) => {
        const cron = String(at(properties.BackupPlan, "BackupPlanRule", 0, "ScheduleExpression"));
        const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(cron) ?? [];
        const begin = Number(hour) * 60 + Number(minute);
        return windows(assembly).every(([from, to]) => begin < from - 60 || begin > to);
      }),
  },
  {
    id: "database/options-kept",
    title: "in production the option group stays: the last snapshot needs it, and RDS would not delete it",
    appliesTo: inProduction,
    check: (assembly) =>
      every(
        assembly,
        "AWS::RDS::OptionGroup",
        "kept",
        ({ attributes }) => attributes.DeletionPolicy === "Retain",
      ),
  },
];

/** Daily or weekly windows of the database, as minutes of the day; none reaches over midnight. */
function windows(assembly: Assembly): [from: number, to: number][] {
  return assembly.ofType("AWS::RDS::DBInstance").flatMap(({ properties }) =>
    [properties.PreferredBackupWindow, properties.PreferredMaintenanceWindow].map(
      (text): [number, number] => {
        const [from = Number.NaN, to = Number.NaN] = [...String(text).matchAll(/(\d\d):(\d\d)/g)].map(
          ([, hour, minute]) => Number(hour) * 60 + Number(minute),
        );
        return [from, to];
      },
    ),
  );
}
