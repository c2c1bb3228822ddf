import assert from "node:assert/strict";
import test from "node:test";
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeEventsCommand,
  ElasticBeanstalkClient,
  type EventDescription,
} from "@aws-sdk/client-elastic-beanstalk";
import { mockClient } from "aws-sdk-client-mock";
import { environmentEvents } from "../src/events/environment-events.ts";
import { follow } from "../src/events/follow.ts";
import { describeStackEvent } from "../src/events/plain-words.ts";
import { stackEvents } from "../src/events/stack-events.ts";
import { noSuchStack } from "./support/aws.ts";
import { awsError } from "./support/harness.ts";

const PAGE = 100;
const START = Date.UTC(2026, 10, 22);

function numbered(index: number): StackEvent {
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
function stackWith(history: StackEvent[]) {
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

const subnets = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `created EC2 subnet Subnet${from + index}`);

test("events of a stack come oldest first, each once, over several pages", async () => {
  const history = Array.from({ length: 350 }, (_, index) => numbered(index));
  stackWith(history);
  const source = stackEvents(new CloudFormationClient({ region: "eu-west-1" }), "s");
  await source.skipPast();

  history.push(...Array.from({ length: 250 }, (_, index) => numbered(350 + index)));
  const first = await source.next();
  const nothing = await source.next();
  history.push(numbered(600));
  const second = await source.next();

  assert.deepEqual(
    first.map(({ text }) => text),
    subnets(350, 600),
  );
  assert.deepEqual(nothing, []);
  assert.deepEqual(
    second.map(({ text }) => text),
    subnets(600, 601),
  );
});

test("looking for news reads no more pages than needed", async () => {
  const history = Array.from({ length: 1_000 }, (_, index) => numbered(index));
  const client = stackWith(history);
  const source = stackEvents(new CloudFormationClient({ region: "eu-west-1" }), "s");
  await source.skipPast();
  client.resetHistory();

  history.push(numbered(1_000));
  await source.next();

  assert.equal(client.calls().length, 1);
});

test("what happened before is not news, however far back a page goes", async () => {
  const client = mockClient(CloudFormationClient);
  const old = [4, 3, 2, 1, 0].map(numbered);
  client
    .on(DescribeStackEventsCommand)
    .resolvesOnce({ StackEvents: old.slice(0, 2), NextToken: "more" })
    .resolves({ StackEvents: [numbered(5), ...old] });
  const source = stackEvents(new CloudFormationClient({ region: "eu-west-1" }), "s");
  await source.skipPast();

  const news = await source.next();

  assert.deepEqual(
    news.map(({ text }) => text),
    subnets(5, 6),
  );
});

test("what happens right before the end is told too", async () => {
  const told: string[] = [];
  let end = () => {};
  const until = new Promise<void>((resolve) => (end = resolve));
  const last = describeStackEvent(numbered(1));
  const looks = [[], [last], []];

  await follow({
    sources: [
      {
        name: "s",
        skipPast: async () => undefined,
        async next() {
          const events = looks.shift() ?? [];
          // Over after the answer was made up, and before it arrives.
          end();
          await until;
          return events;
        },
      },
    ],
    until,
    onEvent: ({ text }) => told.push(text),
    onTrouble: assert.fail,
    pause: async () => undefined,
  });

  assert.deepEqual(told, subnets(1, 2));
});

test("a stack that does not exist yet has no events, and all of them once it does", async () => {
  const client = mockClient(CloudFormationClient);
  client.on(DescribeStackEventsCommand).rejects(noSuchStack());
  const source = stackEvents(new CloudFormationClient({ region: "eu-west-1" }), "s");
  await source.skipPast();

  const before = await source.next();
  stackWith(Array.from({ length: 130 }, (_, index) => numbered(index)));
  const after = await source.next();

  assert.deepEqual(before, []);
  assert.deepEqual(
    after.map(({ text }) => text),
    subnets(0, 130),
  );
});

test("another answer about a stack's events is an error, and not silence", async () => {
  mockClient(CloudFormationClient).on(DescribeStackEventsCommand).rejects(awsError("AccessDenied", "no"));
  const source = stackEvents(new CloudFormationClient({ region: "eu-west-1" }), "s");

  await assert.rejects(source.next(), { name: "AccessDenied" });
});

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

for (const [status, type, id, reason, text] of [
  ["CREATE_IN_PROGRESS", "AWS::RDS::DBInstance", "DatabaseB269D8BB", undefined, "creating database Database"],
  [
    "CREATE_COMPLETE",
    "AWS::EC2::SubnetRouteTableAssociation",
    "A",
    undefined,
    "created EC2 subnet route table association A",
  ],
  ["DELETE_SKIPPED", "AWS::S3::Bucket", "Logs", undefined, "kept S3 bucket Logs"],
  [
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "AWS::CloudFormation::Stack",
    "web",
    undefined,
    "taking the update back in stack web",
  ],
  [
    "CREATE_FAILED",
    "Custom::PrepareDatabase",
    "P",
    "it broke",
    "could not create step prepare database P: it broke",
  ],
  ["SOMETHING_NEW", "AWS::EC2::VPC", "V", undefined, "something new network V"],
] as const) {
  test(`${status} of ${type} reads "${text}"`, () => {
    const event = describeStackEvent({
      StackId: "id",
      EventId: "e",
      StackName: "s",
      Timestamp: new Date(0),
      ResourceStatus: status as StackEvent["ResourceStatus"],
      ResourceType: type,
      LogicalResourceId: id,
      ResourceStatusReason: reason,
    });

    assert.equal(event.text, text);
  });
}
