import { readFileSync } from "node:fs";
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from "@sealed/faults";
import type { PrivateCa, ServerKind } from "@sealed/servers";
import {
  type DatabaseServer,
  type DatabaseServerOptions,
  defaultDirectory,
  ensurePrograms,
  privateCa,
  startDatabase,
} from "@sealed/servers";
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type DbEvent,
  iamAuth,
  privateTrust,
} from "../src/index.ts";

/** A real server with an empty schema `notes` and the user `app`, who may do everything there. */
export interface Rig extends AsyncDisposable {
  server: DatabaseServer;
  ca: PrivateCa;
  /** Every event of every database that was opened here. */
  events: DbEvent[];
  /** Opens a pool as `app`; closed with the rig at the latest. */
  open(options?: Partial<DatabaseOptions>): Database;
  /** Starts a proxy before the server; tokens for its port are let in. */
  proxy(options?: Partial<FaultProxyOptions>): Promise<FaultProxy>;
  /** Lets these users in, and nobody else; absent: app and migrator. */
  letIn(users?: string[]): Promise<void>;
}

/** A busy machine must not turn a test red; tests of these limits set their own. */
const PATIENT = { acquireMs: 20_000, connectMs: 20_000 };

/** Starts a server for one test file. */
export async function startRig(kind: ServerKind, options: Partial<DatabaseServerOptions> = {}): Promise<Rig> {
  const dir = defaultDirectory;
  const programs = await ensurePrograms({ dir, server: kind });
  const ca = await privateCa({ dir });
  const server = await startDatabase({ dir, programs, ca, ...options });
  await server.adminQuery("CREATE DATABASE notes CHARACTER SET utf8mb4");
  await server.adminQuery("CREATE USER app IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
  await server.adminQuery("GRANT ALL PRIVILEGES ON notes.* TO app");
  const events: DbEvent[] = [];
  const opened: Database[] = [];
  const ports = new Set([server.port]);
  const letIn = (users = ["app", "migrator"]): Promise<void> => {
    const { credentials, region } = server;
    return server.writeKeyring(
      [...ports].map((port) => ({ ...credentials, region, endpoint: `localhost:${port}`, users })),
    );
  };
  return {
    server,
    ca,
    events,
    open(changes = {}) {
      const limits = { ...PATIENT, ...changes.limits };
      const database = createDatabase({ ...databaseOptions(server, events), ...changes, limits });
      opened.push(database);
      return database;
    },
    letIn,
    async proxy(changes = {}) {
      const proxy = await startFaultProxy({ target: { port: server.port }, ...changes });
      ports.add(proxy.port);
      await letIn();
      return proxy;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((database) => database.close({ within: 0 })));
      await server.close();
    },
  };
}

/** Returns the options of a pool as `app` to `server`. */
export function databaseOptions(server: DatabaseServer, events: DbEvent[] = []): DatabaseOptions {
  return {
    endpoint: { host: server.host, port: server.port },
    database: "notes",
    user: "app",
    auth: iamAuth({ region: server.region, credentials: server.credentials }),
    trust: privateTrust({ pem: readFileSync(server.caFile, "utf8") }),
    limits: PATIENT,
    on: (event) => events.push(event),
  };
}
