import assert from "node:assert/strict";
import test from "node:test";
import { interleave } from "../src/rounds.ts";

test("variants take turns in going first, and the round that warms up is dropped", async () => {
  const order: string[] = [];

  const samples = await interleave(["a", "b"], 2, async (name) => order.push(name));

  assert.deepEqual(order, ["a", "b", "a", "b", "b", "a"]);
  assert.deepEqual(samples, { a: [3, 6], b: [4, 5] });
});
