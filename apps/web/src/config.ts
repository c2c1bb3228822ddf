import { hostname } from "node:os";
import { checkDatabaseAccess, type DatabaseConfig, databaseConfig } from "./config-database.ts";
import { allowedHosts, listenAddress, networkRanges, type TlsConfig, tlsConfig } from "./config-listener.ts";
import { ConfigError } from "./errors.ts";
import { type Environment, SettingReader } from "./setting-reader.ts";
import { TOPOLOGIES, type Topology } from "./settings.ts";

/** Everything the app knows from outside. Frozen, passed down whole or in parts, never logged whole. */
export interface WebConfig {
  topology: Topology;
  publicHosts: readonly string[];
  /** Address ranges (CIDR) whose `X-Forwarded-*` headers are believed; empty: nobody's. */
  trustedProxies: readonly string[];
  listenAddress: string;
  port: number;
  lbIdleTimeoutMs: number;
  drainMs: number;
  tls: TlsConfig;
  database: DatabaseConfig;
  region: string;
  hopsPage: boolean;
  instance: string;
  logLevel: LogLevel;
  /** Between two lines with metrics; 0: none are logged. */
  metricsMs: number;
  /** Folder of the request log for enhanced health; `undefined`: none. */
  healthdDirectory: string | undefined;
}

/** The least severe log line that is written. */
type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ["debug", "info", "warn", "error", "fatal"] as const;

/** Returns the environment of this process: the only place of the app that reads it. */
export function processEnvironment(): Environment {
  // biome-ignore lint/style/noProcessEnv: this is the one reader of the environment.
  return process.env;
}

/**
 * Reads every setting once and returns them as one frozen object.
 *
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(environment: Environment): Readonly<WebConfig> {
  const read = new SettingReader(environment);
  const topology = read.choice("TOPOLOGY", TOPOLOGIES);
  const config = {
    topology: topology ?? "alb-reencrypt",
    publicHosts: allowedHosts(read),
    trustedProxies: networkRanges(read, topology),
    listenAddress: listenAddress(read),
    port: read.integer("HTTPS_PORT"),
    lbIdleTimeoutMs: read.integer("LB_IDLE_TIMEOUT_SECONDS") * 1_000,
    drainMs: read.integer("DRAIN_SECONDS") * 1_000,
    tls: tlsConfig(read, topology),
    database: databaseConfig(read),
    region: read.required("AWS_REGION"),
    hopsPage: read.choice("HOPS_PAGE", ["on", "off"]) === "on",
    instance: read.optional("INSTANCE_NAME") ?? hostname(),
    logLevel: read.choice("LOG_LEVEL", LOG_LEVELS) ?? "info",
    metricsMs: read.integer("METRICS_SECONDS") * 1_000,
    healthdDirectory: read.optional("HEALTHD_LOG_DIR"),
  } satisfies WebConfig;
  checkDatabaseAccess(read, config.database, config.region);
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return deepFreeze(config);
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
