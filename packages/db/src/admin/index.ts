export type { AdminLogin } from "./admin-session.ts";
export type { CreateUsersOptions, UserNames } from "./create-users.ts";
export { createUsers } from "./create-users.ts";
export type { AdminEvent, AdminSink, LockPurpose } from "./events.ts";
export type { PrepareDatabaseOptions } from "./prepare-database.ts";
export { prepareDatabase } from "./prepare-database.ts";
export type { RunMigrationsOptions } from "./run-migrations.ts";
export { runMigrations } from "./run-migrations.ts";
