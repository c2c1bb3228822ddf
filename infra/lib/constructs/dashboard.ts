import { Duration } from "aws-cdk-lib";
import { Alarm, AlarmStatusWidget, Dashboard, GraphWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IDatabaseInstance } from "aws-cdk-lib/aws-rds";
import type { Construct } from "constructs";
import { type APP_METRICS, appMetric } from "./app-metrics.ts";

/** What the dashboard shows. */
export interface DashboardProps {
  name: string;
  environmentName: string;
  database: IDatabaseInstance;
}

/** One page that answers: are requests served, are instances well, is the database reachable. */
export function dashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const { environmentName, database } = props;
  const environment = (metricName: string, statistic: string) =>
    new Metric({
      namespace: "AWS/ElasticBeanstalk",
      metricName,
      statistic,
      dimensionsMap: { EnvironmentName: environmentName },
      period: Duration.minutes(1),
    });
  const counted = (metricName: string) =>
    new Metric({
      namespace: `Sealed/${props.name}`,
      metricName,
      statistic: "Sum",
      period: Duration.minutes(1),
    });
  const alarms = scope.node.findAll().filter((child) => child instanceof Alarm);
  return new Dashboard(scope, id, {
    dashboardName: environmentName,
    widgets: [
      [new AlarmStatusWidget({ title: "Alarms", alarms, width: 24 })],
      [
        graph("Requests", [
          environment("ApplicationRequestsTotal", "Sum"),
          environment("ApplicationRequests5xx", "Sum"),
        ]),
        graph("Latency p99 (s)", [environment("ApplicationLatencyP99", "Maximum")]),
        graph("Instances", [
          environment("InstancesDegraded", "Maximum"),
          environment("InstancesSevere", "Maximum"),
        ]),
      ],
      [
        graph("Way to the database", [
          counted("TokenFailures"),
          counted("PoolExhausted"),
          counted("UntrustedDatabase"),
        ]),
        graph("Database connections", [database.metricDatabaseConnections()]),
        graph("Database CPU (%)", [database.metricCPUUtilization()]),
      ],
      appRow(props.name),
    ],
  });
}

function appRow(name: string): GraphWidget[] {
  const own = (metricName: keyof typeof APP_METRICS, statistic: string) =>
    appMetric(name, metricName, statistic);
  return [
    graph("Certificate of the app (days left)", [own("AppCertificateDaysLeft", "Minimum")]),
    graph("Connections and failed handshakes", [
      own("AppConnections", "Sum"),
      own("AppHandshakesFailed", "Sum"),
      own("AppPlainHttp", "Sum"),
    ]),
    graph("Waiting for the database, age of the token (s)", [
      own("DatabaseConnectionsWaiting", "Maximum"),
      own("DatabaseTokenAge", "Maximum"),
    ]),
  ];
}

function graph(title: string, left: Metric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
