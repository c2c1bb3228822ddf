import { join } from "node:path";
import { iamAuth, passwordAuth, privateTrust } from "@sealed/db";
import { prepareDatabase } from "@sealed/db/admin";
import type { DatabaseServer, PrivateCa } from "@sealed/servers";
import { DATABASE_NAME, DATABASE_USERS } from "./app-environment.ts";
import { repositoryDirectory } from "./paths.ts";

const MIGRATIONS = join(repositoryDirectory, "apps", "web", "migrations");

/** Creates the schema and the users and runs the migrations, all over verified TLS, as in AWS. */
export async function prepareNotebook(database: DatabaseServer, ca: PrivateCa): Promise<void> {
  const { user, password } = await database.createMaster();
  await prepareDatabase({
    endpoint: { host: database.host, port: database.port },
    trust: privateTrust({ pem: ca.certificatePem }),
    auth: passwordAuth({ user, password }),
    database: DATABASE_NAME,
    users: DATABASE_USERS,
    userAuth: "iam",
    migrations: MIGRATIONS,
    migratorAuth: iamAuth({ region: database.region, credentials: database.credentials }),
  });
}
