import { readFileSync } from "node:fs";
import {
  type Auth,
  createDatabase,
  type Database,
  DbError,
  type DbEvent,
  iamAuth,
  privateTrust,
  rdsTrust,
  secretAuth,
  type TrustAnchors,
} from "@sealed/db";
import type { WebConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import type { Log } from "./log.ts";
import type { SettingName } from "./settings.ts";

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
 * @throws ConfigError for values that only the database package can judge.
 */
export function openDatabase(config: WebConfig, log: Log): Database {
  const { host, port, name, user } = config.database;
  return createDatabase({
    endpoint: { host, port },
    database: name,
    user,
    auth: judged("AWS_REGION", () => authOf(config)),
    trust: trustOf(config),
    limits: { statementMs: STATEMENT_MS },
    on: (event) => log[WARNINGS.has(event.type) ? "warn" : "debug"]({ event }, `database ${event.type}`),
  });
}

function authOf({ database, region }: WebConfig): Auth {
  if (database.auth.kind === "secret") return secretAuth({ secretId: database.auth.secretId, region });
  return iamAuth({ region });
}

function trustOf({ database: { caFile }, region }: WebConfig): TrustAnchors {
  if (caFile === undefined) return judged("AWS_REGION", () => rdsTrust(region));
  return judged("DB_CA_FILE", () => privateTrust({ pem: readFileSync(caFile, "utf8") }));
}

/** Lets the database package judge a value, and blames the setting that it comes from. */
function judged<T>(name: SettingName, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DbError)) throw error;
    throw new ConfigError([`${name}: ${error.message}`]);
  }
}
