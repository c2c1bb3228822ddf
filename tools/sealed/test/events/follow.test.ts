import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "../../src/events/follow.ts";
import { describeStackEvent } from "../../src/events/plain-words.ts";
import { numbered, subnets } from "../support/stack-history.ts";

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
