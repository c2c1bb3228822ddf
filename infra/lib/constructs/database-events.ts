import { Duration } from "aws-cdk-lib";
import { CfnEventSubscription, type DatabaseInstance } from "aws-cdk-lib/aws-rds";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { alarm } from "./alarm.ts";

/** Connections of the smallest class less a reserve for operators. */
const CONNECTIONS_ALARM = 60;
const GIB = 1024 ** 3;

/** Sends to the topic what happens to the database: its events, and alarms on what precedes a failure. */
export function watchDatabase(scope: Construct, database: DatabaseInstance, topic: ITopic): void {
  const subscriptions = {
    "db-instance": ["maintenance", "configuration change", "failure", "failover", "low storage"],
    "db-parameter-group": ["configuration change"],
    "db-security-group": ["configuration change", "failure"],
  };
  for (const [sourceType, eventCategories] of Object.entries(subscriptions)) {
    new CfnEventSubscription(scope, `Events-${sourceType}`, {
      snsTopicArn: topic.topicArn,
      sourceType,
      eventCategories,
      enabled: true,
    });
  }
  alarm(scope, "DatabaseBusy", topic, {
    description: "The database has been above 90 % CPU for 15 minutes: requests wait",
    metric: database.metricCPUUtilization({ period: Duration.minutes(5) }),
    threshold: 90,
    periods: 3,
  });
  alarm(scope, "DatabaseFull", topic, {
    description: "Less than 2 GiB of storage are left: the database stops when it is full",
    metric: database.metricFreeStorageSpace({ statistic: "Minimum" }),
    threshold: 2 * GIB,
    below: true,
  });
  alarm(scope, "DatabaseConnections", topic, {
    description: "The database has nearly as many connections as it takes: new ones will be refused",
    metric: database.metricDatabaseConnections({ statistic: "Maximum", period: Duration.minutes(1) }),
    threshold: CONNECTIONS_ALARM,
    periods: 3,
  });
}
