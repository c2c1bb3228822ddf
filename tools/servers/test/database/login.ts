import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, createConnection } from "mysql2/promise";
import type { DatabaseServer } from "../../src/database/index.ts";

const REFUSAL = /AWSAuthenticationPlugin: refused .*/g;
const LOG_WITHIN_MS = 5_000;
const POLL_MS = 10;

/** How one login is made. */
export interface LoginOptions {
  user: string;
  token: string;
  /** Default true. */
  encrypted?: boolean;
  /** Called when the server asks for the token. */
  onAsked?: () => void;
}

/** Logs in as a client of RDS does: a verified TLS connection, and the token in place of a password. */
export async function logIn(database: DatabaseServer, options: LoginOptions): Promise<Connection> {
  const ca = await readFile(database.caFile, "utf8");
  const answer = () => {
    options.onAsked?.();
    return Buffer.from(`${options.token}\0`);
  };
  return await createConnection({
    host: database.host,
    port: database.port,
    user: options.user,
    ...(options.encrypted === false ? {} : { ssl: { ca, verifyIdentity: true } }),
    authPlugins: { mysql_clear_password: () => async () => answer() },
  });
}

/** Makes a login that the server must refuse, and returns the error and the line that the plugin logged. */
export async function refusedLogin(
  database: DatabaseServer,
  options: LoginOptions,
): Promise<{ code: string; logged: string }> {
  const before = refusals(database).length;
  // The driver's own message names the user only; nothing of the token comes into the output of a failed test.
  const error = await logIn(database, options).then(
    async (connection) => {
      await connection.end();
      return undefined;
    },
    (reason: NodeJS.ErrnoException) => reason,
  );
  assert.ok(error, "the login was let in");
  const deadline = Date.now() + LOG_WITHIN_MS;
  while (refusals(database).length === before && Date.now() < deadline) await delay(POLL_MS);
  return { code: error.code ?? "", logged: refusals(database).slice(before).join("\n") };
}

function refusals(database: DatabaseServer): string[] {
  return database.log().match(REFUSAL) ?? [];
}
