import { type Auth, createDatabase, type Database, type DbEvent } from "@sealed/db";
import type { WebConfig } from "./config.ts";
import { databaseAuth, databaseTrust } from "./database-access.ts";
import type { Log } from "./log.ts";

/** Below the load balancer's patience, and long for any statement of the notebook. */
const STATEMENT_MS = 5_000;

/** Events that somebody should look at; the others are for `LOG_LEVEL=debug`. */
const WARNINGS: ReadonlySet<DbEvent["type"]> = new Set<DbEvent["type"]>([
  "connection.failed",
  "credential.refresh_failed",
  "credential.rejected",
  "credential.short_lived",
  "statement.abandoned",
  "transaction.commit_unknown",
  "trust.expires_soon",
]);

/**
 * Returns the database as the settings describe it. Nothing is connected yet: the app starts while the
 * database is down, and `/readyz` tells.
 *
 * @param listening - Settles when the app listens or has failed to; the first login waits for it.
 */
export function openDatabase(config: WebConfig, log: Log, listening: Promise<void>): Database {
  const { region, database } = config;
  const { host, port, name, user } = database;
  return createDatabase({
    endpoint: { host, port },
    database: name,
    user,
    auth: heldBack(databaseAuth(database, region), listening),
    trust: databaseTrust(database, region),
    limits: { statementMs: STATEMENT_MS },
    on: (event) => log[WARNINGS.has(event.type) ? "warn" : "debug"]({ event }, `database ${event.type}`),
  });
}

/** To load what makes a credential takes a tenth of a second, in which the port would not be open. */
function heldBack(auth: Auth, listening: Promise<void>): Auth {
  return {
    async credential(login) {
      await listening;
      return await auth.credential(login);
    },
    invalidate: (credential, login) => auth.invalidate(credential, login),
  };
}
