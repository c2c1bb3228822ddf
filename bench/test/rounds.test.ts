import assert from "node:assert/strict";
import test from "node:test";
import { interleave, interleaveSlices } from "../src/rounds.ts";

test("variants take turns in going first, and the round that warms up is dropped", async () => {
  const order: string[] = [];

  const samples = await interleave(["a", "b"], 2, async (name) => order.push(name));

  assert.deepEqual(order, ["a", "b", "a", "b", "b", "a"]);
  assert.deepEqual(samples, { a: [3, 6], b: [4, 5] });
});

test("within a round the variants take turns of a tenth of a second, and the sums of the turns are returned", async () => {
  const order: string[] = [];
  const measure = async (name: string, milliseconds: number) => {
    order.push(name);
    return { count: name === "a" ? 1 : 2, cpuMicros: 10, wallMs: milliseconds };
  };

  const samples = await interleaveSlices(["a", "b"], { rounds: 2, seconds: 0.3 }, measure);

  const tally = (count: number) => ({ count, cpuMicros: 30, wallMs: 300 });
  assert.deepEqual(samples, { a: [tally(3), tally(3)], b: [tally(6), tally(6)] });
  assert.deepEqual(order.slice(0, 8), ["a", "b", "a", "b", "b", "a", "a", "b"]);
});
