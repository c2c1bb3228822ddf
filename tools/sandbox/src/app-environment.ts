import type { DatabaseServer, Topology } from "@sealed/servers";
import type { SettingName } from "@sealed/web/settings";
import type { InstanceCertificate } from "./certificates.ts";

/** Name of the schema that the notebook lives in. */
export const DATABASE_NAME = "notebook";
/** Users of the database: one for the app, one for its migrations. */
export const DATABASE_USERS = { app: "app", migrator: "migrator" } as const;

// The load balancer notices within 1.25 s that an instance drains; the rest is for requests under way.
const DRAIN_SECONDS = 3;

/** What the settings of one instance depend on. */
export interface InstanceContext {
  name: string;
  topology: Topology;
  /** Where the instance listens. */
  port: number;
  /** Where clients connect. */
  publicPort: number;
  certificate?: InstanceCertificate;
  /** Settings that differ from what follows from the rest. */
  settings?: Partial<Record<SettingName, string>>;
  database: Pick<DatabaseServer, "host" | "region" | "caFile" | "credentialsFile" | "profile"> & {
    port: number;
  };
}

/** Returns the whole environment of one instance, the same settings as on AWS; nothing of ours leaks into it. */
export function appEnvironment(context: InstanceContext): Record<string, string> {
  return { ...appSettings(context), ...processSettings(context) };
}

// The type holds the names to those that the app knows.
function appSettings(context: InstanceContext): Partial<Record<SettingName, string>> {
  const { topology, database } = context;
  return {
    INSTANCE_NAME: context.name,
    TOPOLOGY: topology,
    LISTEN_ADDRESS: "127.0.0.1",
    HTTPS_PORT: String(context.port),
    PUBLIC_HOSTS: `localhost:${context.publicPort},127.0.0.1:${context.publicPort}`,
    ...(hasHttpProxy(topology) ? { TRUSTED_PROXIES: "127.0.0.1/32" } : {}),
    DRAIN_SECONDS: String(DRAIN_SECONDS),
    HOPS_PAGE: "on",
    ...tlsSettings(context),
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_NAME: DATABASE_NAME,
    DB_USER: DATABASE_USERS.app,
    DB_CA_FILE: database.caFile,
    AWS_REGION: database.region,
    ...context.settings,
  };
}

// What Node and the AWS SDK read by themselves.
function processSettings({ database }: InstanceContext): Record<string, string> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    NODE_ENV: "production",
    AWS_PROFILE: database.profile,
    AWS_SHARED_CREDENTIALS_FILE: database.credentialsFile,
    // Otherwise a missing key would make the SDK look for an EC2 instance's on the network.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

function hasHttpProxy(topology: Topology): boolean {
  return topology !== "nlb-passthrough" && topology !== "single-instance";
}

function tlsSettings({ topology, certificate }: InstanceContext): Partial<Record<SettingName, string>> {
  if (topology === "alb-terminate") return { UNSEALED_PLAIN_HTTP: "true" };
  if (certificate === undefined) return { TLS_SOURCE: "self-signed" };
  return {
    TLS_SOURCE: "files",
    TLS_CERTIFICATE_FILE: certificate.certificateFile,
    TLS_KEY_FILE: certificate.keyFile,
  };
}
