import { isIP } from "node:net";
import { DbError } from "@sealed/db";
import { databaseAuth, databaseTrust } from "./database-access.ts";
import type { SettingReader } from "./setting-reader.ts";
import type { SettingName } from "./settings.ts";

const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*$/i;

/** https://dev.mysql.com/doc/refman/8.4/en/user-names.html */
const USER_MAX_CHARACTERS = 32;

/** How the app reaches its database. */
export interface DatabaseConfig {
  host: string;
  port: number;
  name: string;
  user: string;
  auth: { kind: "iam" } | { kind: "secret"; secretId: string };
  /** PEM file with the only roots allowed; `undefined`: the RDS roots of the Region. */
  caFile: string | undefined;
}

/** Reads the DB_* settings. */
export function databaseConfig(read: SettingReader): DatabaseConfig {
  return {
    host: hostName(read),
    port: read.integer("DB_PORT"),
    name: read.required("DB_NAME"),
    user: userName(read),
    auth: authConfig(read),
    caFile: read.file("DB_CA_FILE"),
  };
}

/** Adds the problems that only the database package can see: with the Region, and with the roots. */
export function checkDatabaseAccess(read: SettingReader, database: DatabaseConfig, region: string): void {
  judge(read, "AWS_REGION", () => databaseAuth(database, region));
  judge(read, database.caFile === undefined ? "AWS_REGION" : "DB_CA_FILE", () =>
    databaseTrust(database, region),
  );
}

/** Lets the database package judge a value, and blames the setting that it comes from. */
function judge(read: SettingReader, name: SettingName, make: () => unknown): void {
  if (read.hasProblem(name)) return;
  try {
    make();
  } catch (error) {
    if (!(error instanceof DbError)) throw error;
    read.problems.push(`${name} cannot be used: ${error.message}`);
  }
}

function hostName(read: SettingReader): string {
  const host = read.required("DB_HOST");
  if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) {
    read.problems.push(
      `DB_HOST must be the DNS name in the database's certificate, got the IP address "${host}": with an address its certificate cannot be verified`,
    );
  } else if (host !== "" && !HOST_NAME.test(host)) {
    read.problems.push(`DB_HOST must be a DNS name such as db.example.com, got "${host}"`);
  }
  return host;
}

function userName(read: SettingReader): string {
  const user = read.required("DB_USER");
  if (user.length > USER_MAX_CHARACTERS) {
    read.problems.push(`DB_USER must have at most ${USER_MAX_CHARACTERS} characters, got ${user.length}`);
  }
  return user;
}

function authConfig(read: SettingReader): DatabaseConfig["auth"] {
  if (read.choice("DB_AUTH", ["iam", "secret"]) === "secret") {
    return { kind: "secret", secretId: read.required("DB_SECRET_ID") };
  }
  read.withoutEffect(["DB_SECRET_ID"], "DB_AUTH=secret");
  return { kind: "iam" };
}
