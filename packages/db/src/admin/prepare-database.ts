import type { Auth } from "../auth/credential.ts";
import type { CreateUsersOptions } from "./create-users.ts";
import { createUsers, DEFAULT_USERS } from "./create-users.ts";
import type { RunMigrationsOptions } from "./run-migrations.ts";
import { runMigrations } from "./run-migrations.ts";

/** Everything that a database needs before the app can use it. `auth` is the master's. */
export interface PrepareDatabaseOptions
  extends CreateUsersOptions,
    Pick<RunMigrationsOptions, "migrations" | "statementMs"> {
  /** How the migrator logs in. */
  migratorAuth: Auth;
}

/**
 * Makes the schema and the users as the master, then runs the migrations as the migrator.
 *
 * Safe to run at every start and from several programs at once.
 * @throws DbError as `createUsers` and `runMigrations` do.
 */
export async function prepareDatabase(
  options: PrepareDatabaseOptions,
): Promise<{ changes: string[]; applied: string[] }> {
  const { changes } = await createUsers(options);
  const { migrator } = options.users ?? DEFAULT_USERS;
  const { applied } = await runMigrations({ ...options, auth: options.migratorAuth, user: migrator });
  return { changes, applied };
}
