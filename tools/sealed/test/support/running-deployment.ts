import { ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { DescribeStacksCommand, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeApplicationVersionsCommand,
  DescribeEnvironmentHealthCommand,
  DescribeEnvironmentsCommand,
  DescribeInstancesHealthCommand,
} from "@aws-sdk/client-elastic-beanstalk";
import { DescribeDBInstancesCommand, DescribePendingMaintenanceActionsCommand } from "@aws-sdk/client-rds";
import { mockClient } from "aws-sdk-client-mock";
import { ENVIRONMENT } from "./assembly.ts";
import { emptyAccount } from "./aws.ts";

export const NOW = new Date("2026-11-22T10:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1_000;
export const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const PLATFORM =
  "arn:aws:elasticbeanstalk:eu-west-1::platform/Node.js 24 running on 64bit Amazon Linux 2023/6.10.0";

/** Returns mocked clients of a sandbox that runs and is well. */
export function runningDeployment() {
  const account = emptyAccount();
  const { cloudFormation, beanstalk, logs, rds } = account;
  const acm = mockClient(ACMClient);
  const cloudWatch = mockClient(CloudWatchClient);
  for (const word of ["network", "data", "web"]) {
    const StackName = `sealed-sandbox-${word}`;
    const outputs = [{ OutputKey: "EnvironmentUrlA1B2C3D4", OutputValue: "https://app.example.com" }];
    cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
      Stacks: [
        {
          StackName,
          StackStatus: "UPDATE_COMPLETE",
          CreationTime: inDays(-1),
          LastUpdatedTime: new Date("2026-11-22T09:00:00Z"),
          Tags: [{ Key: "sealed:ttl-hours", Value: "72" }],
          Outputs: word === "web" ? outputs : [],
        },
      ],
    });
  }
  cloudFormation.on(ListStackResourcesCommand, { StackName: "sealed-sandbox-web" }).resolves({
    StackResourceSummaries: [
      {
        LogicalResourceId: "Certificate",
        PhysicalResourceId: CERTIFICATE,
        ResourceType: "Custom::ImportedCertificate",
        LastUpdatedTimestamp: NOW,
        ResourceStatus: "CREATE_COMPLETE",
      },
    ],
  });
  acm.on(DescribeCertificateCommand, { CertificateArn: CERTIFICATE }).resolves({
    Certificate: { CertificateArn: CERTIFICATE, Status: "ISSUED", NotAfter: inDays(200) },
  });
  beanstalk.on(DescribeEnvironmentsCommand).resolves({
    Environments: [
      { EnvironmentName: ENVIRONMENT, Status: "Ready", VersionLabel: "0a1b2c3d", PlatformArn: PLATFORM },
    ],
  });
  beanstalk
    .on(DescribeEnvironmentHealthCommand)
    .resolves({ HealthStatus: "Ok", Color: "Green", Causes: [] })
    .on(DescribeInstancesHealthCommand)
    .resolves({ InstanceHealthList: [instance("i-1")] })
    .on(DescribeApplicationVersionsCommand)
    .resolves({ ApplicationVersions: [{ VersionLabel: "0a1b2c3d" }] });
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolves({ MetricAlarms: [] })
    .on(DescribeAlarmsCommand, { AlarmNamePrefix: "sealed-sandbox-web-" })
    .resolves({ MetricAlarms: [{ AlarmName: "sealed-sandbox-web-Latency", StateValue: "OK" }] });
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [
      {
        DBInstanceIdentifier: "sealed-sandbox",
        DBInstanceArn: "arn:db",
        DBInstanceStatus: "available",
        DBInstanceClass: "db.t4g.micro",
        EngineVersion: "8.4.11",
        MultiAZ: false,
        CertificateDetails: { ValidTill: inDays(300) },
        PendingModifiedValues: {},
      },
    ],
  });
  rds.on(DescribePendingMaintenanceActionsCommand).resolves({ PendingMaintenanceActions: [] });
  logs.on(FilterLogEventsCommand).resolves({ events: [] });
  return { ...account, acm, cloudWatch };
}

/** Returns the health of an instance that is well. */
export function instance(InstanceId: string, VersionLabel = "0a1b2c3d") {
  return { InstanceId, HealthStatus: "Ok", Causes: [] as string[], Deployment: { VersionLabel } };
}

/** Returns what the app answers at `/hops.json`. */
export function hops(tokenAgeMs: number | null | undefined, daysLeft = 5): { status: number; body: string } {
  const hop = (id: string, more = {}) => ({
    id,
    sealed: true,
    authenticated: true,
    problems: [],
    peer: { subject: "CN=app", fingerprint256: "AA:BB", notAfter: "2026-12-01", daysLeft },
    ...more,
  });
  const report = {
    topology: "alb-reencrypt",
    verdict: "sealed",
    instance: "i-1",
    hops: [hop("client-lb"), hop("lb-app"), hop("app-db", { tokenAgeMs })],
  };
  return { status: 200, body: JSON.stringify(report) };
}
