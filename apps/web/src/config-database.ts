import { isIP } from "node:net";
import type { SettingReader } from "./setting-reader.ts";

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
  const host = read.required("DB_HOST");
  if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) {
    read.problems.push(
      `DB_HOST must be the DNS name in the database's certificate, got the IP address "${host}": with an address its certificate cannot be verified`,
    );
  }
  return {
    host,
    port: read.integer("DB_PORT"),
    name: read.required("DB_NAME"),
    user: read.required("DB_USER"),
    auth: authConfig(read),
    caFile: read.file("DB_CA_FILE"),
  };
}

function authConfig(read: SettingReader): DatabaseConfig["auth"] {
  if (read.choice("DB_AUTH", ["iam", "secret"]) === "secret") {
    return { kind: "secret", secretId: read.required("DB_SECRET_ID") };
  }
  read.withoutEffect(["DB_SECRET_ID"], "DB_AUTH=secret");
  return { kind: "iam" };
}
