import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import { mockClient } from "aws-sdk-client-mock";

const PAGE = 100;
const START = Date.UTC(2026, 10, 22);

/** Returns the event that made a subnet of that number, so many milliseconds after the start. */
export function numbered(index: number): StackEvent {
  return {
    StackId: "id",
    StackName: "s",
    EventId: `event-${index}`,
    Timestamp: new Date(START + index),
    ResourceStatus: "CREATE_COMPLETE",
    ResourceType: "AWS::EC2::Subnet",
    LogicalResourceId: `Subnet${index}`,
  };
}

/** Answers like CloudFormation: newest first, a hundred to a page. */
export function stackWith(history: StackEvent[]) {
  const client = mockClient(CloudFormationClient);
  client.on(DescribeStackEventsCommand).callsFake(({ NextToken = "0" }) => {
    const from = Number(NextToken);
    const newestFirst = history.toReversed();
    const end = from + PAGE;
    return {
      StackEvents: newestFirst.slice(from, end),
      ...(end < newestFirst.length && { NextToken: String(end) }),
    };
  });
  return client;
}

/** Returns the words for the events from one number to the one before another. */
export const subnets = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `created EC2 subnet Subnet${from + index}`);
