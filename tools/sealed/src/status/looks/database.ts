import {
  type DBInstance,
  DescribeDBInstancesCommand,
  paginateDescribePendingMaintenanceActions,
} from "@aws-sdk/client-rds";
import type { Deployed } from "../deployed.ts";
import type { Look, State } from "../line.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** RDS replaces certificates itself where it can; below this it did not. */
const WARNING_DAYS = 60;

/** States in which the database serves. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const SERVES = ["available", "backing-up", "storage-optimization", "configuring-log-exports"];

/** Looks at the state of the database, its certificate, and what is about to be done to it. */
export function databaseLook(deployed: Deployed): Look {
  const { databaseName, context } = deployed;
  return {
    id: "database",
    subject: "database",
    async see() {
      const database = await describe(deployed);
      if (database === undefined) return { state: "attention", text: `${databaseName} does not exist` };
      const days = certificateDays(database, context.system.now());
      return {
        state: stateOf(database, days),
        text: `${words(database)}, certificate ${days ?? "unknown"} days`,
        details: [...pendingChanges(database), ...(await maintenance(deployed, database))],
      };
    },
  };
}

async function describe({ rds, databaseName, context }: Deployed): Promise<DBInstance | undefined> {
  try {
    const { DBInstances = [] } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: databaseName }),
      { abortSignal: context.signal },
    );
    return DBInstances[0];
  } catch (error) {
    // How RDS says that there is none of that name.
    if (error instanceof Error && error.name.startsWith("DBInstanceNotFound")) return undefined;
    throw error;
  }
}

/** A certificate whose end nobody tells is neither good nor bad. */
function stateOf({ DBInstanceStatus = "" }: DBInstance, days: number | undefined): State {
  if (!SERVES.includes(DBInstanceStatus)) return "attention";
  if (days === undefined) return "unknown";
  return days >= WARNING_DAYS ? "ok" : "attention";
}

function words({
  DBInstanceIdentifier,
  DBInstanceStatus,
  EngineVersion,
  DBInstanceClass,
  MultiAZ,
}: DBInstance) {
  const standby = MultiAZ === true ? "with a standby" : "in one zone";
  return `${DBInstanceIdentifier}, ${DBInstanceStatus}, MySQL ${EngineVersion}, ${DBInstanceClass} ${standby}`;
}

function certificateDays({ CertificateDetails }: DBInstance, now: Date): number | undefined {
  const end = CertificateDetails?.ValidTill;
  return end === undefined ? undefined : Math.floor((end.getTime() - now.getTime()) / DAY_MS);
}

function pendingChanges({ PendingModifiedValues = {} }: DBInstance): string[] {
  // A password among them is masked by RDS, and is named without its value all the same.
  const names = Object.entries(PendingModifiedValues).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  return names.length === 0 ? [] : [`waits for the next maintenance: ${names.join(", ")}`];
}

async function maintenance({ rds, context }: Deployed, { DBInstanceArn }: DBInstance): Promise<string[]> {
  if (DBInstanceArn === undefined) return [];
  const found: string[] = [];
  const pages = paginateDescribePendingMaintenanceActions(
    { client: rds },
    { ResourceIdentifier: DBInstanceArn },
    { abortSignal: context.signal },
  );
  for await (const { PendingMaintenanceActions = [] } of pages) {
    for (const { PendingMaintenanceActionDetails = [] } of PendingMaintenanceActions) {
      for (const { Action, Description } of PendingMaintenanceActionDetails) {
        found.push(`pending maintenance: ${Action}${Description === undefined ? "" : ` (${Description})`}`);
      }
    }
  }
  return found;
}
