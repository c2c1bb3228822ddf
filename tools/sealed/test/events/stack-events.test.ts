import assert from "node:assert/strict";
import test from "node:test";
import { CloudFormationClient, DescribeStackEventsCommand } from "@aws-sdk/client-cloudformation";
import { mockClient } from "aws-sdk-client-mock";
import { stackEvents } from "../../src/events/stack-events.ts";
import { noSuchStack } from "../support/aws.ts";
import { awsError } from "../support/harness.ts";
import { numbered, stackWith, subnets } from "../support/stack-history.ts";

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
