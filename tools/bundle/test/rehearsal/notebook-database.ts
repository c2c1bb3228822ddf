import { join } from "node:path";
import { iamAuth, passwordAuth, privateTrust } from "@sealed/db";
import { prepareDatabase } from "@sealed/db/admin";
import {
  type DatabaseServer,
  defaultDirectory,
  ensurePrograms,
  type PrivateCa,
  privateCa,
  startDatabase,
} from "@sealed/servers";
import { REPOSITORY } from "../../src/source-bundle/build.ts";

/** A local stand-in for RDS with the notebook's schema and users. */
export interface NotebookDatabase extends AsyncDisposable {
  server: DatabaseServer;
  ca: PrivateCa;
}

/** Name of the notebook's schema. */
export const SCHEMA = "notebook";

/** Starts a database that takes TLS and IAM tokens only, and prepares it as the deployment does. */
export async function startNotebookDatabase(): Promise<NotebookDatabase> {
  const dir = defaultDirectory;
  const [programs, ca] = [await ensurePrograms({ dir }), await privateCa({ dir })];
  const server = await startDatabase({ dir, programs, ca });
  const { user, password } = await server.createMaster();
  await prepareDatabase({
    endpoint: { host: server.host, port: server.port },
    trust: privateTrust({ pem: ca.certificatePem }),
    auth: passwordAuth({ user, password }),
    database: SCHEMA,
    users: { app: "app", migrator: "migrator" },
    userAuth: "iam",
    migrations: join(REPOSITORY, "apps/web/migrations"),
    migratorAuth: iamAuth({ region: server.region, credentials: server.credentials }),
  });
  return { server, ca, [Symbol.asyncDispose]: () => server.close() };
}
