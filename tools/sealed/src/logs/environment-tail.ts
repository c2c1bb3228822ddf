import {
  type ElasticBeanstalkClient,
  RequestEnvironmentInfoCommand,
  RetrieveEnvironmentInfoCommand,
} from "@aws-sdk/client-elastic-beanstalk";
import type { System } from "../system.ts";
import { type FailingLog, tailOf } from "./failing-log.ts";

/** The instances hand their logs over within seconds, or not at all. */
const ATTEMPTS = 12;
const ATTEMPT_MS = 5_000;

/** Logs that say why a deployment on an instance failed, the most telling first. */
const TELLING = ["/var/log/eb-engine.log", "/var/log/eb-hooks.log", "/var/log/web.stdout.log"];

/**
 * Returns the ends of the logs on the environment's instances; none when no instance hands them over.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.logging.html
 */
export async function environmentTail(
  beanstalk: ElasticBeanstalkClient,
  environment: string,
  system: Pick<System, "pause" | "download">,
  signal: AbortSignal,
): Promise<FailingLog[]> {
  const request = { EnvironmentName: environment, InfoType: "tail" } as const;
  await beanstalk.send(new RequestEnvironmentInfoCommand(request));
  for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt++) {
    await system.pause(ATTEMPT_MS, signal);
    const { EnvironmentInfo: infos = [] } = await beanstalk.send(new RetrieveEnvironmentInfoCommand(request));
    if (infos.length === 0) continue;
    const logs = infos.map(async ({ Ec2InstanceId: instance = "instance", Message: address = "" }) =>
      tellingLogs(await system.download(address), instance),
    );
    return (await Promise.all(logs)).flat();
  }
  return [];
}

/** The tail of an instance is one text, each log under its path between two rules. */
function tellingLogs(text: string, instance: string): FailingLog[] {
  const parts = text.split(/^-{10,}\s*\n(\/\S+)\s*\n-{10,}\s*$/m);
  return TELLING.flatMap((path) => {
    const lines = tailOf(parts[parts.indexOf(path) + 1] ?? "");
    return parts.includes(path) && lines.length > 0 ? [{ name: `${path} on ${instance}`, lines }] : [];
  });
}
