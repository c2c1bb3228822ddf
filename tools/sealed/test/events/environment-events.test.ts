import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeEventsCommand,
  ElasticBeanstalkClient,
  type EventDescription,
} from "@aws-sdk/client-elastic-beanstalk";
import { mockClient } from "aws-sdk-client-mock";
import { environmentEvents } from "../../src/events/environment-events.ts";
import { awsError } from "../support/harness.ts";

const START = Date.UTC(2026, 10, 22);

test("events of an environment come oldest first, each once, over several pages", async () => {
  const history: EventDescription[] = [];
  const say = (second: number, text: string) =>
    history.unshift({ EventDate: new Date(START + second * 1_000), Severity: "INFO", Message: text });
  mockClient(ElasticBeanstalkClient)
    .on(DescribeEventsCommand)
    .callsFake(({ StartTime, NextToken = "0" }) => {
      const wanted = history.filter(({ EventDate }) => Number(EventDate) >= Number(StartTime));
      const from = Number(NextToken);
      return {
        Events: wanted.slice(from, from + 2),
        ...(from + 2 < wanted.length && { NextToken: String(from + 2) }),
      };
    });
  say(1, "of an earlier deployment");
  const client = new ElasticBeanstalkClient({ region: "eu-west-1" });
  const source = environmentEvents(client, "env", new Date(START));
  await source.skipPast();

  for (const [second, text] of [
    [2, "a"],
    [2, "b"],
    [3, "c"],
    [4, "d"],
    [5, "e"],
  ] as const)
    say(second, text);
  const first = await source.next();
  say(5, "f, in the same second");
  const second = await source.next();

  assert.deepEqual(
    first.map(({ text }) => text),
    ["a", "b", "c", "d", "e"],
  );
  assert.deepEqual(
    second.map(({ text }) => text),
    ["f, in the same second"],
  );
});

test("an environment that does not exist yet has no events", async () => {
  mockClient(ElasticBeanstalkClient)
    .on(DescribeEventsCommand)
    .rejects(awsError("InvalidParameterValueException", "No Environment found"));
  const source = environmentEvents(
    new ElasticBeanstalkClient({ region: "eu-west-1" }),
    "env",
    new Date(START),
  );

  assert.deepEqual(await source.next(), []);
});
