import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { alarm } from "./alarm.ts";

/** Lines of the app's log that somebody must hear of, by what they mean. */
const LOG_ALARMS = {
  TokenFailures: {
    description: "The app gets no token for the database, or the database refuses it: no new connections",
    terms: [
      "DB_CREDENTIALS_UNAVAILABLE",
      "DB_ACCESS_DENIED",
      "credential.refresh_failed",
      "credential.rejected",
    ],
  },
  PoolExhausted: {
    description: "Requests find no free connection to the database in time",
    terms: ["DB_POOL_TIMEOUT", "DB_POOL_OVERLOADED", "DB_TOO_MANY_CONNECTIONS"],
  },
  UntrustedDatabase: {
    description:
      "The database showed a certificate that is not trusted: somebody stands between, or a root changed",
    terms: ["DB_UNTRUSTED_CERTIFICATE", "DB_TLS_UNAVAILABLE"],
  },
  AppCertificate: {
    description: "The app's own certificate nears its end, or a new one was refused",
    terms: ["certificate not renewed in time", "certificate refused"],
  },
} as const;

/** What is watched, and who hears of it. */
export interface EnvironmentAlarmsProps {
  name: string;
  environmentName: string;
  /** What the app writes. */
  appLog: ILogGroup;
  topic: ITopic;
  /** Certificate at the load balancer; absent where there is none. */
  certificateArn: string | undefined;
  /** Days left at which the alarm is raised. */
  certificateDaysWarning: number;
}

/** Alarms on requests, instances, certificates and the way to the database, the same for every topology. */
export class EnvironmentAlarms extends Construct {
  readonly #props: EnvironmentAlarmsProps;

  constructor(scope: Construct, id: string, props: EnvironmentAlarmsProps) {
    super(scope, id);
    this.#props = props;
    this.#health();
    this.#log();
    if (props.certificateArn !== undefined) this.#certificate(props.certificateArn);
  }

  #health(): void {
    const { topic } = this.#props;
    alarm(this, "Requests5xx", topic, {
      description: "The app answers with errors of its own (5xx)",
      metric: this.#metric("ApplicationRequests5xx", "Sum"),
      threshold: 5,
      periods: 3,
    });
    alarm(this, "Latency", topic, {
      description: "One request in a hundred takes longer than 2 seconds",
      metric: this.#metric("ApplicationLatencyP99", "Maximum"),
      threshold: 2,
      periods: 5,
    });
    for (const metricName of ["InstancesSevere", "InstancesDegraded", "InstancesNoData"]) {
      alarm(this, metricName, topic, {
        description: `Instances are unhealthy (${metricName})`,
        metric: this.#metric(metricName, "Maximum"),
        threshold: 1,
        periods: 5,
      });
    }
    alarm(this, "EnvironmentHealth", topic, {
      description: "Elastic Beanstalk calls the environment degraded or severe",
      metric: this.#metric("EnvironmentHealth", "Maximum"),
      threshold: 20,
      periods: 5,
      silenceIsFault: true,
    });
  }

  #metric(metricName: string, statistic: string): Metric {
    return new Metric({
      namespace: "AWS/ElasticBeanstalk",
      metricName,
      statistic,
      dimensionsMap: { EnvironmentName: this.#props.environmentName },
      period: Duration.minutes(1),
    });
  }

  #log(): void {
    const { appLog, topic, name } = this.#props;
    for (const [id, { description, terms }] of Object.entries(LOG_ALARMS)) {
      const filter = new MetricFilter(this, `${id}Lines`, {
        logGroup: appLog,
        metricNamespace: `Sealed/${name}`,
        metricName: id,
        filterPattern: FilterPattern.anyTerm(...terms),
        defaultValue: 0,
      });
      alarm(this, id, topic, {
        description,
        metric: filter.metric({ statistic: "Sum", period: Duration.minutes(1) }),
        threshold: 1,
        periods: 2,
      });
    }
  }

  #certificate(certificateArn: string): void {
    alarm(this, "CertificateDays", this.#props.topic, {
      description: "The load balancer's certificate ends soon: ACM could not renew it",
      metric: new Metric({
        namespace: "AWS/CertificateManager",
        metricName: "DaysToExpiry",
        statistic: "Minimum",
        dimensionsMap: { CertificateArn: certificateArn },
        period: Duration.days(1),
      }),
      threshold: this.#props.certificateDaysWarning,
      below: true,
    });
  }
}
