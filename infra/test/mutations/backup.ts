import { production } from "../support/assemblies.ts";
import { drop, edit, type Mutation, setWithin } from "../support/mutation.ts";

/** Copies of the database made wrong. */
export const backupMutations: readonly Mutation[] = [
  {
    property: "database/backup-plan",
    name: "no backup plan",
    of: production,
    change: drop("AWS::Backup::BackupSelection"),
  },
  ...["cron(0 1 * * ? *)", "cron(30 2 * * ? *)", "cron(0 4 * * ? *)", "rate(1 day)"].map((schedule) => ({
    property: "database/backup-hour",
    name: `a backup at ${schedule}`,
    of: production,
    change: setWithin(
      "AWS::Backup::BackupPlan",
      ["BackupPlan", "BackupPlanRule", 0, "ScheduleExpression"],
      schedule,
    ),
  })),
  {
    property: "database/options-kept",
    name: "an option group that goes before the snapshot that needs it",
    of: production,
    change: edit("AWS::RDS::OptionGroup", (_, resource) => {
      resource.attributes.DeletionPolicy = "Delete";
    }),
  },
];
