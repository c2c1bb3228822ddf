import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Deployed } from "./deployed.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A certificate is published when the app starts and when it is swapped: the last time may be long ago. */
const LOOK_BACK_MS = [6 * HOUR_MS, 3 * DAY_MS, 45 * DAY_MS, 365 * DAY_MS];

/** What an instance has published of itself. */
export interface Published {
  instanceId: string;
  /** As the app calls itself. */
  name: string;
  fingerprint256: string;
}

/**
 * Returns the certificate that each instance last published: the app writes its fingerprint into its log, which
 * Elastic Beanstalk sends to CloudWatch under the instance's id. Only the instances' role may write there, so nobody
 * on the network between can change it.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html
 */
export async function publishedCertificates(deployed: Deployed, now: Date): Promise<Published[]> {
  const { instanceIds } = deployed;
  const found = new Map<string, Published>();
  for (const span of LOOK_BACK_MS) {
    const missing = instanceIds.filter((id) => !found.has(id));
    if (missing.length === 0) break;
    for (const one of await search(deployed, missing, now.getTime() - span)) found.set(one.instanceId, one);
  }
  return instanceIds.flatMap((id) => found.get(id) ?? []);
}

async function search(
  { services, environmentName }: Deployed,
  instanceIds: readonly string[],
  startTime: number,
): Promise<Published[]> {
  const latest = new Map<string, { at: number; published: Published }>();
  const pages = paginateFilterLogEvents(
    { client: services.logs },
    {
      logGroupName: `/aws/elasticbeanstalk/${environmentName}/var/log/web.stdout.log`,
      logStreamNames: [...instanceIds],
      filterPattern: '"fingerprint256"',
      startTime,
    },
  );
  for await (const { events = [] } of pages) {
    for (const { logStreamName: instanceId = "", message = "", timestamp: at = 0 } of events) {
      const published = read(message, instanceId);
      if (published === undefined || at < (latest.get(instanceId)?.at ?? 0)) continue;
      latest.set(instanceId, { at, published });
    }
  }
  return [...latest.values()].map(({ published }) => published);
}

/** The platform writes date and host before the app's own line. */
function read(message: string, instanceId: string): Published | undefined {
  try {
    const line = JSON.parse(message.slice(message.indexOf("{"))) as Record<string, unknown>;
    const { instance: name, fingerprint256 } = line;
    if (typeof name !== "string" || typeof fingerprint256 !== "string") return undefined;
    return { instanceId, name, fingerprint256 };
  } catch {
    // Cut by the log agent, or not of the app: nothing is published by it.
    return undefined;
  }
}
