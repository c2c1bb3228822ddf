import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import {
  type CfnMetricFilter,
  FilterPattern,
  type ILogGroup,
  MetricFilter,
  ParserProcessor,
  ParserProcessorType,
  Transformer,
} from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { alarm } from "./alarm.ts";

/**
 * Takes a line apart as Elastic Beanstalk streams it, "Nov 22 05:00:00 ip-10-0-0-1 web[812]: {...}", and leaves
 * the app's own JSON. CloudWatch cannot read JSON behind such a beginning, nor its embedded metric format.
 *
 * @see https://github.com/awsdocs/elastic-beanstalk-samples/issues/149
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html
 */
const STREAMED_LINE = "%{DATA}: %{GREEDYDATA:line}";

/** Fields of the app's line `metrics`, by the name under which they become metrics. */
export const APP_METRICS = {
  AppCertificateDaysLeft: "certificateDaysLeft",
  AppConnections: "connections",
  AppHandshakesFailed: "handshakesFailed",
  AppPlainHttp: "httpOnTls",
  DatabaseConnectionsWaiting: "databaseWaiting",
  DatabaseTokenAge: "databaseTokenAgeSeconds",
} as const;

/** The app renews its certificate long before; a certificate from elsewhere has to be renewed by then. */
const CERTIFICATE_DAYS_LEFT = 7;

/** Whose log, and who hears of it. */
export interface AppMetricsProps {
  /** Of the deployment; part of the metrics' namespace. */
  name: string;
  appLog: ILogGroup;
  topic: ITopic;
}

/** Makes metrics of the line that the app logs each minute, and an alarm on the end of its certificate. */
export class AppMetrics extends Construct {
  constructor(scope: Construct, id: string, { name, appLog, topic }: AppMetricsProps) {
    super(scope, id);
    const transformer = new Transformer(this, "Lines", {
      transformerName: `sealed-${name}`,
      logGroup: appLog,
      transformerConfig: [
        new ParserProcessor({ type: ParserProcessorType.GROK, grokOptions: { match: STREAMED_LINE } }),
        new ParserProcessor({ type: ParserProcessorType.JSON, jsonOptions: { source: "line" } }),
      ],
    });
    for (const [metricName, field] of Object.entries(APP_METRICS)) {
      const filter = new MetricFilter(this, metricName, {
        logGroup: appLog,
        metricNamespace: `Sealed/${name}`,
        metricName,
        filterPattern: FilterPattern.exists(`$.${field}`),
        metricValue: `$.${field}`,
      });
      (filter.node.defaultChild as CfnMetricFilter).applyOnTransformedLogs = true;
      filter.node.addDependency(transformer);
    }
    alarm(this, "AppCertificateDays", topic, {
      description: "An instance's own certificate ends soon: nothing has renewed it",
      metric: appMetric(name, "AppCertificateDaysLeft", "Minimum"),
      threshold: CERTIFICATE_DAYS_LEFT,
      periods: 3,
      below: true,
    });
  }
}

/** Returns one of the app's metrics, over all instances. */
export function appMetric(name: string, metricName: keyof typeof APP_METRICS, statistic: string): Metric {
  return new Metric({ namespace: `Sealed/${name}`, metricName, statistic, period: Duration.minutes(1) });
}
