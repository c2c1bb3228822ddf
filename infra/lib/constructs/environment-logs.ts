import type { RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/**
 * Logs that Elastic Beanstalk streams from a Node.js environment.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html
 */
const LOGS = [
  "environment-health.log",
  "var/log/eb-engine.log",
  "var/log/eb-hooks.log",
  "var/log/nginx/access.log",
  "var/log/nginx/error.log",
  "var/log/web.stdout.log",
] as const;

/** Whose logs, and how they are kept. */
export interface EnvironmentLogsProps {
  environmentName: string;
  logKey: IKey;
  logRetentionDays: number;
  removalPolicy: RemovalPolicy;
}

/** Log groups of the environment, made before it so that they have a key from the first line on. */
export class EnvironmentLogs extends Construct {
  /** What the app writes. */
  readonly app: LogGroup;

  constructor(scope: Construct, id: string, props: EnvironmentLogsProps) {
    super(scope, id);
    const groups = LOGS.map(
      (name) =>
        new LogGroup(this, name.replaceAll("/", "-"), {
          logGroupName: `/aws/elasticbeanstalk/${props.environmentName}/${name}`,
          encryptionKey: props.logKey,
          retention: props.logRetentionDays,
          removalPolicy: props.removalPolicy,
        }),
    );
    this.app = groups.at(-1) as LogGroup;
  }
}
