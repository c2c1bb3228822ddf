import { DbError } from "../errors.ts";
import type { AccountAuth } from "./account.ts";
import { ensureAccount } from "./account.ts";
import type { AdminLogin, AdminSession } from "./admin-session.ts";
import { withAdminSession } from "./admin-session.ts";
import { ensureGrants } from "./grants.ts";
import { checkNames, grantObject } from "./identifiers.ts";
import { DEFAULT_LOCK_WAIT_MS, withLock } from "./lock.ts";

/** Names of the two users. */
export interface UserNames {
  /** Reads and writes rows. Default `app`. */
  app: string;
  /** Changes the schema. Default `migrator`. */
  migrator: string;
}

/** What `createUsers` makes, and as whom. */
export interface CreateUsersOptions extends AdminLogin {
  /** Schema that both users are for; made where it is missing. */
  database: string;
  users?: UserNames;
  /** `iam`: tokens. Otherwise a password for each, set when the user is made or its login is put right. */
  userAuth?: "iam" | { appPassword: string; migratorPassword: string };
  /** Longest wait for another program that prepares the same schema. Default 120,000. */
  lockWaitMs?: number;
}

const APP_PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE"];
/** Rows too: the list of migrations is a table, and migrations move data. */
const MIGRATOR_PRIVILEGES = [...APP_PRIVILEGES, "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER"];

/** The names used when none are given. */
export const DEFAULT_USERS: Readonly<UserNames> = Object.freeze({ app: "app", migrator: "migrator" });

/**
 * Makes the schema and its two users, with exactly the privileges they need; returns what it changed.
 *
 * A second run changes nothing; a user that has drifted is put right. Both users must connect over TLS.
 *
 * @throws DbError `DB_OPTIONS_INVALID`, `DB_USERS_NOT_AS_PLANNED`, or why the login failed.
 */
export async function createUsers(options: CreateUsersOptions): Promise<{ changes: string[] }> {
  const {
    database,
    users = DEFAULT_USERS,
    on = () => undefined,
    lockWaitMs = DEFAULT_LOCK_WAIT_MS,
  } = options;
  checkNames({ database, ...users });
  return await withAdminSession(options, undefined, async (session) => {
    await checkNotItself(session, users);
    const lock = { purpose: "users", database, waitMs: lockWaitMs, on } as const;
    const changes = await withLock(session, lock, () => ensureAll(session, options, users));
    for (const change of changes) on({ type: "users.changed", change });
    return { changes };
  });
}

/** Refuses to put right the user that this session is: it would take its own privileges away. */
async function checkNotItself(session: AdminSession, users: UserNames): Promise<void> {
  const [row] = await session.run<{ name: string }>("SELECT SUBSTRING_INDEX(USER(), '@', 1) AS name");
  for (const [role, user] of Object.entries(users)) {
    if (user !== row?.name) continue;
    throw new DbError(
      "DB_OPTIONS_INVALID",
      `users.${role} must be another user than "${user}", who makes the users: its own privileges would be taken away`,
    );
  }
}

async function ensureAll(
  session: AdminSession,
  options: CreateUsersOptions,
  users: UserNames,
): Promise<string[]> {
  const { database, userAuth = "iam" } = options;
  const object = grantObject(database, await takesNamesLiterally(session));
  const authOf = (password: (auth: Exclude<typeof userAuth, "iam">) => string): AccountAuth =>
    userAuth === "iam" ? { kind: "iam" } : { kind: "password", password: password(userAuth) };
  return [
    ...(await ensureSchema(session, database)),
    ...(await ensureAccount(
      session,
      users.app,
      authOf((auth) => auth.appPassword),
    )),
    ...(await ensureGrants(session, { user: users.app, object, privileges: APP_PRIVILEGES })),
    ...(await ensureAccount(
      session,
      users.migrator,
      authOf((auth) => auth.migratorPassword),
    )),
    ...(await ensureGrants(session, { user: users.migrator, object, privileges: MIGRATOR_PRIVILEGES })),
  ];
}

async function ensureSchema(session: AdminSession, database: string): Promise<string[]> {
  const find = "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?";
  if ((await session.run(find, [database])).length > 0) return [];
  await session.run(`CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4`);
  return [`created database ${database}`];
}

/** @see https://dev.mysql.com/doc/refman/8.4/en/partial-revokes.html - MariaDB has no such variable. */
async function takesNamesLiterally(session: AdminSession): Promise<boolean> {
  const [row] = await session.run<{ Value: string }>("SHOW GLOBAL VARIABLES LIKE 'partial_revokes'");
  return row?.Value === "ON";
}
