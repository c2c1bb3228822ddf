import assert from "node:assert/strict";
import test from "node:test";
import { compare, interleave } from "../src/rounds.ts";

test("variants take turns in going first, and the round that warms up is dropped", async () => {
  const order: string[] = [];

  const samples = await interleave(["a", "b"], 2, async (name) => order.push(name));

  assert.deepEqual(order, ["a", "b", "a", "b", "b", "a"]);
  assert.deepEqual(samples, { a: [3, 6], b: [4, 5] });
});

test("each round has processes of its own, a warm-up that is dropped, and the sum of its turns", async () => {
  const log: string[] = [];

  const samples = await compare(
    ["a", "b"],
    { rounds: 2, seconds: 0.3, warmUpSeconds: 0.2 },
    async (round) => {
      log.push("start");
      round.defer(() => void log.push("stop"));
      return async (name, milliseconds) => {
        log.push(name);
        return { count: name === "a" ? 1 : 2, cpuMicros: 10, wallMs: milliseconds };
      };
    },
  );

  const tally = (count: number) => ({ count, cpuMicros: 30, wallMs: 300 });
  assert.deepEqual(samples, { a: [tally(3), tally(3)], b: [tally(6), tally(6)] });
  assert.deepEqual(log.slice(0, 7), ["start", "a", "b", "a", "b", "b", "a"]);
  assert.deepEqual(log.slice(log.length / 2 - 1, log.length / 2 + 1), ["stop", "start"]);
  assert.equal(log.at(-1), "stop");
});
