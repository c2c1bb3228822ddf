import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { EventSource } from "./event-source.ts";
import { describeStackEvent } from "./plain-words.ts";

/**
 * Returns the events of a stack.
 *
 * CloudFormation answers with the newest first, a hundred to a page: pages are read until one holds a known event.
 *
 * @param stack - Name, or id: a deleted stack is found by its id only.
 */
export function stackEvents(cloudFormation: CloudFormationClient, stack: string, name = stack): EventSource {
  const known = new Set<string>();
  let since = new Date(0);

  async function unknown(pages: number): Promise<StackEvent[]> {
    const found: StackEvent[] = [];
    let token: string | undefined;
    for (let page = 0; page < pages; page++) {
      const answer = await cloudFormation.send(
        new DescribeStackEventsCommand({ StackName: stack, NextToken: token }),
      );
      const events = answer.StackEvents ?? [];
      // Later than what was there at the start: else the rest of a page would pass for new.
      found.push(
        ...events.filter(
          ({ EventId, Timestamp }) => !known.has(`${EventId}`) && Number(Timestamp) > Number(since),
        ),
      );
      token = answer.NextToken;
      if (token === undefined || events.some(({ EventId }) => known.has(`${EventId}`))) break;
    }
    for (const { EventId } of found) known.add(`${EventId}`);
    return found;
  }

  return {
    name,
    async skipPast() {
      const [newest] = await existing(() => unknown(1));
      since = newest?.Timestamp ?? since;
    },
    async next() {
      const events = await existing(() => unknown(Number.POSITIVE_INFINITY));
      return events.reverse().map(describeStackEvent);
    },
  };
}

/** A stack that is not made yet has no events. */
async function existing(read: () => Promise<StackEvent[]>): Promise<StackEvent[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message))
      return [];
    throw error;
  }
}
