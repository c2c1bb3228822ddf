import { GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Deployed } from "./deployed.ts";

/** The app writes a line each minute; what is older than this is of a time before. */
export const LOOK_BACK_MINUTES = 15;

/**
 * Metrics that the deployment makes of the app's log, and how instances are brought together.
 *
 * Their names are those of infra/lib/constructs/app-metrics.ts; a test holds them.
 */
export const APP_METRICS = {
  tokenAgeSeconds: { name: "DatabaseTokenAge", statistic: "Maximum" },
  certificateDays: { name: "AppCertificateDaysLeft", statistic: "Minimum" },
  /** Of every line, whatever else the app has to tell. */
  connections: { name: "AppConnections", statistic: "Maximum" },
} as const;

/** The newest values of the last minutes; absent where the app has sent none. */
export type AppMetrics = Partial<Record<keyof typeof APP_METRICS, number>>;

/** Returns what the instances said of themselves last: the oldest token, the fewest days. */
export async function readAppMetrics({ cloudWatch, deployment, context }: Deployed): Promise<AppMetrics> {
  const { name, presetName } = deployment.config;
  const now = context.system.now();
  const { MetricDataResults: results = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - LOOK_BACK_MINUTES * 60_000),
      EndTime: now,
      ScanBy: "TimestampDescending",
      MetricDataQueries: Object.entries(APP_METRICS).map(
        ([id, metric]): MetricDataQuery => ({
          Id: id,
          MetricStat: {
            Metric: { Namespace: `Sealed/${name}-${presetName}`, MetricName: metric.name },
            Period: 60,
            Stat: metric.statistic,
          },
        }),
      ),
    }),
    { abortSignal: context.signal },
  );
  const newest = results.flatMap(({ Id, Values: [value] = [] }) =>
    value === undefined ? [] : [[Id, value]],
  );
  return Object.fromEntries(newest) as AppMetrics;
}
