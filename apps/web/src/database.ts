import { createDatabase, type Database, type DbEvent } from "@sealed/db";
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
 * @param listening - Resolves when the app listens or has failed to; the first login waits for it.
 */
export function openDatabase(config: WebConfig, log: Log, listening: Promise<void>): Database {
  const { region, database } = config;
  const { host, port, name, user } = database;
  return createDatabase({
    endpoint: { host, port },
    database: name,
    user,
    auth: databaseAuth(database, region),
    trust: databaseTrust(database, region),
    limits: { statementMs: STATEMENT_MS },
    // Driver and SDK take a tenth of a second each to load, in which the port would not be open.
    startAfter: listening,
    on: (event) => log[WARNINGS.has(event.type) ? "warn" : "debug"]({ event }, `database ${event.type}`),
  });
}
