import { type CloudFormationClient, DescribeStackResourceCommand } from "@aws-sdk/client-cloudformation";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ElasticBeanstalkClient } from "@aws-sdk/client-elastic-beanstalk";
import { type Assembly, environmentNameIn } from "../deployment/assembly.ts";
import type { DeploymentEvent } from "../events/deployment-event.ts";
import { environmentTail } from "../logs/environment-tail.ts";
import type { FailingLog } from "../logs/failing-log.ts";
import { functionLogGroup } from "../logs/function-log-group.ts";
import { logGroupTail } from "../logs/log-group-tail.ts";
import type { System } from "../system.ts";

/** Where Elastic Beanstalk streams what deploys on the instances. */
const ENGINE_LOG = "var/log/eb-engine.log";

/** The services and the machine that logs are fetched with. */
export interface FailureWatchOptions {
  assembly: Assembly;
  cloudFormation: CloudFormationClient;
  beanstalk: ElasticBeanstalkClient;
  logs: CloudWatchLogsClient;
  system: System;
  signal: AbortSignal;
}

/** What went wrong, as far as it is known. */
export interface FailureReport {
  /** The first failure that no other one caused. */
  cause: DeploymentEvent | undefined;
  logs: readonly FailingLog[];
  /** Why there is no log. */
  trouble?: string;
}

/** Looks for the cause of a failure among the events of a deployment. */
export interface FailureWatch {
  see(event: DeploymentEvent): void;
  report(): Promise<FailureReport>;
}

/**
 * Returns a watch that fetches the failing log as soon as something fails: the rollback that follows removes
 * instances and log groups, and the reason with them.
 */
export function watchFailures(options: FailureWatchOptions): FailureWatch {
  let cause: DeploymentEvent | undefined;
  let fetching: Promise<Omit<FailureReport, "cause">> | undefined;
  return {
    see(event) {
      const { failure } = event;
      if (failure === undefined || failure.isConsequence) return;
      cause ??= event;
      const read = reader(event, options);
      if (read === undefined) return;
      fetching ??= read().then(
        (logs) => ({ logs }),
        (error: Error) => ({ logs: [], trouble: error.message }),
      );
    },
    async report() {
      return { cause, logs: [], ...(await fetching) };
    },
  };
}

function reader(
  { origin, failure }: DeploymentEvent,
  options: FailureWatchOptions,
): (() => Promise<FailingLog[]>) | undefined {
  const { resourceType = "", logicalId = "" } = failure ?? {};
  if (resourceType === "AWS::ElasticBeanstalk::Environment") return () => environmentLogs(options);
  const template = options.assembly.templates.get(origin);
  const group = template && functionLogGroup(template, logicalId);
  if (!resourceType.startsWith("Custom::") || group === undefined) return undefined;
  return () => functionLogs(origin, group, options);
}

async function environmentLogs(options: FailureWatchOptions): Promise<FailingLog[]> {
  const { assembly, beanstalk, logs, system, signal } = options;
  const environment = environmentNameIn(assembly);
  if (environment === undefined) return [];
  const onInstances = await environmentTail(beanstalk, environment, system, signal).catch(() => []);
  if (onInstances.length > 0) return onInstances;
  // The instances are gone or never came up; what they had streamed until then is left.
  const streamed = await logGroupTail(
    logs,
    `/aws/elasticbeanstalk/${environment}/${ENGINE_LOG}`,
    system,
    signal,
  );
  return streamed === undefined ? [] : [streamed];
}

async function functionLogs(
  stack: string,
  group: string,
  options: FailureWatchOptions,
): Promise<FailingLog[]> {
  const { cloudFormation, logs, system, signal } = options;
  const { StackResourceDetail: resource } = await cloudFormation.send(
    new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: group }),
  );
  const name = resource?.PhysicalResourceId;
  const log = name === undefined ? undefined : await logGroupTail(logs, name, system, signal);
  return log === undefined ? [] : [log];
}
