import type { DeploymentConfig } from "../config.ts";
import { DATABASE_USERS } from "../constructs/database-preparation.ts";
import { DATABASE_NAME } from "../constructs/encrypted-database.ts";
import { DATABASE_PORT } from "../constructs/security-group-chain.ts";
import type { Timeouts } from "../timeouts.ts";
import { type TopologyFacts, topologies } from "../topologies.ts";

/** What the app has to know of its surroundings. */
export interface AppSurroundings {
  config: DeploymentConfig;
  times: Timeouts;
  /** Names that clients use. */
  publicHosts: readonly string[];
  /** Ranges in which the load balancer's addresses lie. */
  loadBalancerRanges: readonly string[];
  databaseHost: string;
  /** Secret with the app's certificate; absent: the app makes one in memory. */
  certificateSecretArn: string | undefined;
}

/** Folder that Elastic Beanstalk's health agent reads request logs from. */
const HEALTHD_LOG_DIR = "/var/log/nginx/healthd";

/** Returns the environment variables of the app; `npm run settings` says what each means. */
export function appSettings(surroundings: AppSurroundings): Record<string, string> {
  const { config, times, publicHosts, loadBalancerRanges, certificateSecretArn } = surroundings;
  const facts: TopologyFacts = topologies[config.topology];
  return {
    TOPOLOGY: config.topology,
    PUBLIC_HOSTS: publicHosts.join(","),
    ...(facts.terminatesTls && { TRUSTED_PROXIES: loadBalancerRanges.join(",") }),
    HTTPS_PORT: String(facts.processPort),
    LB_IDLE_TIMEOUT_SECONDS: String(times.idleSeconds),
    DRAIN_SECONDS: String(times.drainSeconds),
    ...(certificateSecretArn === undefined
      ? { TLS_SOURCE: "self-signed" }
      : { TLS_SOURCE: "secret", TLS_SECRET_ID: certificateSecretArn }),
    DB_HOST: surroundings.databaseHost,
    DB_PORT: String(DATABASE_PORT),
    DB_NAME: DATABASE_NAME,
    DB_USER: DATABASE_USERS.app,
    DB_AUTH: "iam",
    AWS_REGION: config.region,
    HOPS_PAGE: config.preset.hopsPage,
    LOG_LEVEL: "info",
    HEALTHD_LOG_DIR,
    ...(facts.processProtocol === "HTTP" && { UNSEALED_PLAIN_HTTP: "true" }),
  };
}
