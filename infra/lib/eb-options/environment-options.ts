import { boolean, choice, integer, json, list, type NamespaceRule, shaped, text } from "./kinds.ts";
import { GENERAL, SECRETS, SHARED, SPECIFIC } from "./sources.ts";

/** Retentions that both log namespaces accept, in days. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653].map(
  String,
);
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const path = shaped(/^\/\S*$/, "a path that starts with /");

/** Namespaces of the environment, its processes, health, logs and updates. */
export const environmentOptions = {
  "aws:elasticbeanstalk:application": {
    source: GENERAL,
    options: {
      "Application Healthcheck URL": {
        kind: shaped(/^((HTTPS?:\d{1,5})?\/\S*|(TCP|SSL):\d{1,5})$/, "a path, `HTTPS:443/path` or `TCP:443`"),
        balancers: ["classic", "none"],
      },
    },
  },
  "aws:elasticbeanstalk:application:environment": {
    source: GENERAL,
    options: {},
    anyOption: { name: variableName, kind: text },
  },
  "aws:elasticbeanstalk:application:environmentsecrets": {
    source: SECRETS,
    options: {},
    anyOption: {
      name: variableName,
      kind: shaped(/^arn:[^:]+:(secretsmanager|ssm):\S+$/, "the ARN of a secret or a parameter"),
    },
  },
  "aws:elasticbeanstalk:cloudwatch:logs": {
    source: GENERAL,
    options: {
      StreamLogs: { kind: boolean },
      DeleteOnTerminate: { kind: boolean },
      RetentionInDays: { kind: choice(...RETENTION_DAYS) },
    },
  },
  "aws:elasticbeanstalk:cloudwatch:logs:health": {
    source: GENERAL,
    options: {
      HealthStreamingEnabled: { kind: boolean },
      DeleteOnTerminate: { kind: boolean },
      RetentionInDays: { kind: choice(...RETENTION_DAYS) },
    },
  },
  "aws:elasticbeanstalk:command": {
    source: GENERAL,
    options: {
      DeploymentPolicy: {
        kind: choice("AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"),
        byBalancer: {
          classic: choice("AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable"),
          network: choice("AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable"),
          none: choice("AllAtOnce", "Immutable"),
        },
      },
      Timeout: { kind: integer(1, 3_600) },
      BatchSizeType: { kind: choice("Percentage", "Fixed") },
      BatchSize: { kind: integer(1, 10_000) },
      IgnoreHealthCheck: { kind: boolean },
    },
  },
  "aws:elasticbeanstalk:environment": {
    source: GENERAL,
    options: {
      EnvironmentType: { kind: choice("SingleInstance", "LoadBalanced") },
      ServiceRole: { kind: text },
      LoadBalancerType: {
        kind: choice("classic", "application", "network"),
        balancers: ["application", "classic", "network"],
      },
      LoadBalancerIsShared: { kind: boolean, balancers: ["application"], source: SHARED },
    },
  },
  "aws:elasticbeanstalk:environment:proxy": {
    source: SPECIFIC,
    options: {
      // The Node.js platform has no `none`: only Docker and .NET on Linux have it.
      ProxyServer: { kind: choice("nginx", "apache") },
    },
  },
  "aws:elasticbeanstalk:environment:proxy:staticfiles": {
    source: GENERAL,
    options: {},
    anyOption: { name: /^\/\S*$/, kind: text },
  },
  "aws:elasticbeanstalk:environment:process:<name>": {
    source: GENERAL,
    balancers: ["application", "network", "classic"],
    options: {
      DeregistrationDelay: { kind: integer(0, 3_600) },
      HealthCheckInterval: { kind: integer(5, 300), byBalancer: { network: choice("10", "30") } },
      HealthCheckPath: { kind: path },
      HealthCheckTimeout: { kind: integer(1, 60), balancers: ["application"] },
      HealthyThresholdCount: { kind: integer(2, 10) },
      MatcherHTTPCode: {
        kind: shaped(
          /^[1-4]\d{2}([-,][1-4]\d{2})*$/,
          "status codes from 200 to 499, with commas between them",
        ),
        balancers: ["application", "network"],
      },
      Port: { kind: integer(1, 65_535) },
      Protocol: {
        kind: choice("TCP", "HTTP", "HTTPS"),
        byBalancer: { application: choice("HTTP", "HTTPS"), network: choice("TCP") },
      },
      StickinessEnabled: { kind: boolean, balancers: ["application"] },
      StickinessLBCookieDuration: { kind: integer(1, 604_800), balancers: ["application"] },
      StickinessType: { kind: choice("lb_cookie"), balancers: ["application"] },
      UnhealthyThresholdCount: { kind: integer(2, 10) },
    },
  },
  "aws:elasticbeanstalk:healthreporting:system": {
    source: GENERAL,
    options: {
      SystemType: { kind: choice("basic", "enhanced") },
      ConfigDocument: { kind: json },
      EnhancedHealthAuthEnabled: { kind: boolean },
      HealthCheckSuccessThreshold: { kind: choice("Ok", "Warning", "Degraded", "Severe") },
    },
  },
  "aws:elasticbeanstalk:hostmanager": {
    source: GENERAL,
    options: { LogPublicationControl: { kind: boolean } },
  },
  "aws:elasticbeanstalk:managedactions": {
    source: GENERAL,
    options: {
      ManagedActionsEnabled: { kind: boolean },
      PreferredStartTime: {
        kind: shaped(
          /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$/,
          "day and time such as Tue:09:00",
        ),
      },
      ServiceRoleForManagedUpdates: { kind: text },
    },
  },
  "aws:elasticbeanstalk:managedactions:platformupdate": {
    source: GENERAL,
    options: { UpdateLevel: { kind: choice("patch", "minor") }, InstanceRefreshEnabled: { kind: boolean } },
  },
  "aws:elasticbeanstalk:monitoring": {
    source: GENERAL,
    options: {
      "Automatically Terminate Unhealthy Instances": {
        kind: boolean,
        obsolete: "nothing: it worked in environments from before 2012 only",
      },
    },
  },
  "aws:elasticbeanstalk:sns:topics": {
    source: GENERAL,
    options: {
      "Notification Endpoint": { kind: text },
      "Notification Protocol": { kind: choice("http", "https", "email", "email-json", "sqs") },
      "Notification Topic ARN": { kind: shaped(/^arn:[^:]+:sns:\S+$/, "the ARN of an SNS topic") },
      "Notification Topic Name": { kind: text },
    },
  },
  "aws:elasticbeanstalk:trafficsplitting": {
    source: GENERAL,
    balancers: ["application"],
    options: { NewVersionPercent: { kind: integer(1, 100) }, EvaluationTime: { kind: integer(3, 600) } },
  },
  "aws:elasticbeanstalk:xray": { source: GENERAL, options: { XRayEnabled: { kind: boolean } } },
  "aws:elasticbeanstalk:control": {
    source: GENERAL,
    options: {
      DefaultSSHPort: { kind: integer(1, 65_535) },
      LaunchTimeout: { kind: integer(1, 3_600) },
      LaunchType: { kind: choice("Migration") },
      RollbackLaunchOnFailure: { kind: boolean },
    },
  },
  "aws:cloudformation:template:parameter": {
    source: GENERAL,
    options: { InstancePortListenerDisabled: { kind: list() } },
    anyOption: { name: variableName, kind: text },
  },
} as const satisfies { readonly [namespace: string]: NamespaceRule };
