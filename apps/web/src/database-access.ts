import { readFileSync } from "node:fs";
import { type Auth, iamAuth, privateTrust, rdsTrust, secretAuth, type TrustAnchors } from "@sealed/db";
import type { DatabaseConfig } from "./config-database.ts";

/** Returns how the app signs in. @throws DbError for a Region that there cannot be. */
export function databaseAuth({ auth }: DatabaseConfig, region: string): Auth {
  return auth.kind === "secret" ? secretAuth({ secretId: auth.secretId, region }) : iamAuth({ region });
}

/** Returns the only roots that may vouch for the database. @throws DbError for a Region or a file without any. */
export function databaseTrust({ caFile }: DatabaseConfig, region: string): TrustAnchors {
  return caFile === undefined ? rdsTrust(region) : privateTrust({ pem: readFileSync(caFile, "utf8") });
}
