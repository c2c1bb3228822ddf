import type { DbStats } from "@sealed/db";
import type { TlsServer } from "@sealed/tls";
import type { Log } from "./log.ts";
import type { MetricName } from "./metric-names.ts";

/** What the metrics are read from. */
export interface MetricsSources {
  /** `null` for the plain listener of the lesson topology. */
  tls: () => ReturnType<TlsServer["state"]> | null;
  database: () => DbStats;
}

/** What one line tells; without a certificate, or before the first token, some are absent. */
export type Metrics = { readonly [Name in MetricName]?: number } & {
  /** By version of the protocol, since the start. */
  readonly handshakesByProtocol?: Readonly<Record<string, number>>;
  /** By key-exchange group, since the start: shows how much of the traffic is post-quantum. */
  readonly handshakesByGroup?: Readonly<Record<string, number>>;
};

/**
 * Returns a function that reads the metrics; each call counts from the one before.
 *
 * @param sources - Cumulative since the start, as `TlsServer.state()` and `Database.stats()` are.
 */
export function metricsReader(sources: MetricsSources): () => Metrics {
  const lastCounts = new Map<MetricName, number>();
  const since: Since = (name, total) => {
    const count = total - (lastCounts.get(name) ?? 0);
    lastCounts.set(name, total);
    return count;
  };
  return () => ({ ...tlsMetrics(sources.tls(), since), ...databaseMetrics(sources.database(), since) });
}

type Since = (name: MetricName, total: number) => number;

function tlsMetrics(state: ReturnType<MetricsSources["tls"]>, since: Since): Metrics {
  if (state === null) return {};
  const { handshakes } = state;
  return {
    certificateDaysLeft: state.daysLeft,
    certificatesRefused: since("certificatesRefused", state.rejections),
    connections: state.connections,
    handshakes: since("handshakes", handshakes.ok),
    handshakesFailed: since("handshakesFailed", handshakes.failed),
    handshakesResumed: since("handshakesResumed", handshakes.resumed),
    handshakesByProtocol: handshakes.byProtocol,
    handshakesByGroup: handshakes.byGroup,
    httpOnTls: since("httpOnTls", state.httpOnTls),
  };
}

function databaseMetrics(stats: DbStats, since: Since): Metrics {
  const age =
    stats.tokenAgeMs === null ? {} : { databaseTokenAgeSeconds: Math.round(stats.tokenAgeMs / 1_000) };
  return {
    databaseOpen: stats.open,
    databaseIdle: stats.idle,
    databaseWaiting: stats.waiting,
    databaseLoginsFailed: since("databaseLoginsFailed", stats.failed),
    databaseAbandoned: since("databaseAbandoned", stats.abandoned),
    ...age,
  };
}

/** When and where the metrics are told. */
export interface MetricsLogOptions extends MetricsSources {
  log: Log;
  /** 0: never. */
  everyMs: number;
}

/**
 * Writes a line `metrics` again and again until disposed of, whatever `LOG_LEVEL` is: infra makes metrics and an
 * alarm of these lines. Never keeps the process alive.
 *
 * A plain line, not CloudWatch's embedded metric format: that must stand alone in its log event, and Elastic
 * Beanstalk writes time, host and process in front of everything an app prints.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @see https://github.com/awsdocs/elastic-beanstalk-samples/issues/149
 */
export function logMetrics({ log, everyMs, ...sources }: MetricsLogOptions): Disposable {
  if (everyMs === 0) return { [Symbol.dispose]: () => undefined };
  const always = log.child({}, { level: "info" });
  const read = metricsReader(sources);
  const timer = setInterval(() => always.info(read(), "metrics"), everyMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
