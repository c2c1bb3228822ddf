import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PoolModel, STEPS } from "./pool-model.ts";

/** What happens, to whom, and how much time passes where it is time that passes. */
const step = fc.record({
  name: fc.oneof(
    ...(Object.entries(STEPS) as [keyof typeof STEPS, number][]).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name),
    })),
  ),
  pick: fc.nat(),
  ms: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 40_000 })),
});

test("under any order of faults no limit is passed, every caller gets an answer and nothing is left", async () => {
  let lent = 0;
  let failed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 100, size: "max" }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, connections) => {
        const model = new PoolModel(connections);
        for (const { name, pick, ms } of steps) {
          await model.run(name, pick, ms);
          model.check();
        }
        await model.recover();
        await model.close();
        lent += model.lent;
        failed += model.failed;
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(lent > 1_000 && failed > 1_000, `${lent} lent, ${failed} failed: the steps reach too little`);
});
