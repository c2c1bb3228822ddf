import {
  DescribeEventsCommand,
  type ElasticBeanstalkClient,
  type EventDescription,
} from "@aws-sdk/client-elastic-beanstalk";
import type { DeploymentEvent } from "./deployment-event.ts";
import type { EventSource } from "./event-source.ts";

const PAGE_SIZE = 100;

/** What CloudFormation calls the resource that the events are about. */
const ENVIRONMENT_TYPE = "AWS::ElasticBeanstalk::Environment";

/**
 * Returns the events of an Elastic Beanstalk environment, which need not exist yet.
 *
 * They have no id, and an environment that was removed leaves its events under its name: so they are told apart by
 * time, severity and text, from a time on.
 *
 * @param from - Earliest time, where the environment has no event so far.
 */
export function environmentEvents(
  beanstalk: ElasticBeanstalkClient,
  environment: string,
  from: Date,
): EventSource {
  const known = new Set<string>();
  let since = from;

  async function unknown(): Promise<EventDescription[]> {
    const found: EventDescription[] = [];
    let token: string | undefined;
    do {
      const answer = await beanstalk.send(
        new DescribeEventsCommand({
          EnvironmentName: environment,
          StartTime: since,
          MaxRecords: PAGE_SIZE,
          NextToken: token,
        }),
      );
      found.push(...(answer.Events ?? []).filter((event) => !known.has(keyOf(event))));
      token = answer.NextToken;
    } while (token !== undefined);
    for (const event of found) known.add(keyOf(event));
    // The events of that very moment come again, and are known.
    since = found[0]?.EventDate ?? since;
    return found;
  }

  return {
    name: environment,
    async skipPast() {
      await existing(unknown);
    },
    async next() {
      const events = await existing(unknown);
      return events.reverse().map((event) => describe(event, environment));
    },
  };
}

function keyOf({ EventDate, Severity, Message }: EventDescription): string {
  return `${EventDate?.getTime()} ${Severity} ${Message}`;
}

function describe(
  { EventDate, Severity, Message = "" }: EventDescription,
  environment: string,
): DeploymentEvent {
  const isFailure = Severity === "ERROR" || Severity === "FATAL";
  return {
    at: EventDate ?? new Date(0),
    origin: environment,
    kind: isFailure ? "failed" : "note",
    text: Severity === "WARN" ? `warning: ${Message}` : Message,
    ...(isFailure && {
      failure: {
        resourceType: ENVIRONMENT_TYPE,
        logicalId: environment,
        reason: Message,
        isConsequence: false,
      },
    }),
  };
}

async function existing(read: () => Promise<EventDescription[]>): Promise<EventDescription[]> {
  try {
    return await read();
  } catch (error) {
    // How Elastic Beanstalk says that there is no such environment.
    if (error instanceof Error && /^InvalidParameterValue/.test(error.name)) return [];
    throw error;
  }
}
