import { DbError } from "../errors.ts";

/** Host part of the accounts: where a client may come from is decided by security groups, not here. */
const ANY_HOST = "'%'";
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const MOST_USER_CHARACTERS = 32;
const MOST_SCHEMA_CHARACTERS = 64;
const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set([
  "information_schema",
  "mysql",
  "performance_schema",
  "sys",
]);

/** The names that preparing a database puts into statements. */
export interface PreparedNames {
  database: string;
  app: string;
  migrator: string;
}

/** Refuses names that would need quoting or belong to the server. @throws DbError `DB_OPTIONS_INVALID`. */
export function checkNames({ database, app, migrator }: PreparedNames): void {
  const problems: string[] = [];
  const check = (what: string, name: string, most: number): void => {
    if (NAME.test(name) && name.length <= most) return;
    problems.push(
      `${what} must be a letter followed by letters, digits or _, at most ${most} in all, got "${name}"`,
    );
  };
  check("database", database, MOST_SCHEMA_CHARACTERS);
  check("users.app", app, MOST_USER_CHARACTERS);
  check("users.migrator", migrator, MOST_USER_CHARACTERS);
  if (SYSTEM_SCHEMAS.has(database.toLowerCase()))
    problems.push(`database "${database}" belongs to the server`);
  if (app === migrator) problems.push(`users.app and users.migrator must differ, both are "${app}"`);
  if (problems.length > 0) throw new DbError("DB_OPTIONS_INVALID", problems.join("; "));
}

/** Returns the account of a checked user name, as a statement has it. */
export function accountOf(user: string): string {
  return `'${user}'@${ANY_HOST}`;
}

/**
 * Returns a checked schema name as GRANT has it: `_` stands for any character there unless it is escaped.
 *
 * @param literal - True where the server takes it literally already, as with `partial_revokes`.
 */
export function grantObject(database: string, literal: boolean): string {
  return `\`${literal ? database : database.replaceAll("_", "\\_")}\`.*`;
}
