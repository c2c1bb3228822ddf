export type {
  AwsCredentials,
  DatabaseServer,
  DatabaseServerOptions,
  KeyringEntry,
  RestartOptions,
} from "./options.ts";
export { startDatabase } from "./start-database.ts";
