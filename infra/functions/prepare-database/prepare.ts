import type { Auth, TrustAnchors } from "@sealed/db";
import { type AdminEvent, prepareDatabase, type UserNames } from "@sealed/db/admin";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";

/** Properties of the custom resource; CloudFormation makes text of all of them. */
export interface PrepareProperties {
  host: string;
  port: string;
  database: string;
  region: string;
  masterSecretArn: string;
  users: UserNames;
  /** Hash of what is done; a change of it runs the function again. */
  fingerprint: string;
}

/** What the function needs from outside. */
export interface PrepareDependencies {
  trust: TrustAnchors;
  /** Logs in as the master. */
  master: Auth;
  /** Logs in as the migrator. */
  migrator: Auth;
  /** Folder with the SQL migrations. */
  migrations: string;
  /** Takes one line a step; no event holds a secret. */
  log: (event: AdminEvent) => void;
}

/**
 * Makes the users and runs the migrations, over verified TLS. Doing it twice changes nothing.
 *
 * @throws DbError when anything is not as planned afterwards; the deployment fails with its message.
 */
export async function prepare(
  event: DeploymentEvent<PrepareProperties>,
  { trust, master, migrator, migrations, log }: PrepareDependencies,
): Promise<DeploymentAnswer<{ changes: string }>> {
  const { host, port, database, users } = event.ResourceProperties;
  const PhysicalResourceId = `${host}:${port}/${database}`;
  // Users and tables go with the database, or stay with it.
  if (event.RequestType === "Delete") return { PhysicalResourceId };
  const { changes, applied } = await prepareDatabase({
    endpoint: { host, port: Number(port) },
    database,
    users,
    trust,
    auth: master,
    migratorAuth: migrator,
    userAuth: "iam",
    migrations,
    on: log,
  });
  return { PhysicalResourceId, Data: { changes: String(changes.length + applied.length) } };
}
