import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { System } from "../system.ts";
import { type FailingLog, TAIL_LINES, tailOf } from "./failing-log.ts";

/** What a function writes arrives within seconds. */
const ATTEMPTS = 4;
const ATTEMPT_MS = 3_000;

/** Returns the end of a log group's newest stream; `undefined` when it stays empty. */
export async function logGroupTail(
  logs: CloudWatchLogsClient,
  group: string,
  system: Pick<System, "pause">,
  signal: AbortSignal,
): Promise<FailingLog | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt++) {
    if (attempt > 0) await system.pause(ATTEMPT_MS, signal);
    const lines = await newestLines(logs, group);
    if (lines.length > 0) return { name: group, lines };
  }
  return undefined;
}

async function newestLines(logs: CloudWatchLogsClient, group: string): Promise<string[]> {
  const { logStreams = [] } = await logs.send(
    new DescribeLogStreamsCommand({
      logGroupName: group,
      orderBy: "LastEventTime",
      descending: true,
      limit: 1,
    }),
  );
  const stream = logStreams[0]?.logStreamName;
  if (stream === undefined) return [];
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, limit: TAIL_LINES }),
  );
  return tailOf(events.map(({ message }) => message).join("\n"));
}
