import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AddressWatch } from "../src/address-watch.ts";

const IN_USE = new Set(["10.0.0.1", "10.0.0.2"]);

test("an address that a name has left is left at the first look", () => {
  const watch = new AddressWatch();

  assert.deepEqual(watch.look(["10.0.0.1", "10.0.0.2"], IN_USE), new Set());
  assert.deepEqual(watch.look(["10.0.0.2"], IN_USE), new Set(["10.0.0.1"]));
  assert.deepEqual(watch.look(["10.0.0.9"], IN_USE), IN_USE);
});

test("an answer without addresses says nothing", () => {
  assert.deepEqual(new AddressWatch().look([], IN_USE), new Set());
});

test("a name that fails over and back is followed both times", () => {
  const watch = new AddressWatch();
  const first = new Set(["10.0.0.1"]);
  const second = new Set(["10.0.0.2"]);

  assert.deepEqual(watch.look(["10.0.0.2"], first), first);
  assert.deepEqual(watch.look(["10.0.0.1"], second), new Set());
  assert.deepEqual(watch.look(["10.0.0.1"], second), second);
});

test("a name that fails over and back for days is followed at the first look each time", () => {
  const watch = new AddressWatch();
  for (let failover = 0; failover < 10; failover++) {
    const [active, left] = failover % 2 === 0 ? ["10.0.0.2", "10.0.0.1"] : ["10.0.0.1", "10.0.0.2"];

    assert.deepEqual(watch.look([active], new Set([left])), new Set([left]), `failover ${failover}`);
    for (let calm = 0; calm < 10; calm++) watch.look([active], new Set([active]));
  }
});

test("whatever part of its addresses a name answers with, few are left, and one that is gone for good is", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 400, maxLength: 400 }),
      fc.integer({ min: 2, max: 4 }),
      (picks, addresses) => {
        const watch = new AddressWatch();
        const inUse = new Set(Array.from({ length: addresses }, (_, n) => `10.0.0.${n}`));
        const left = picks.map((pick) => watch.look([`10.0.0.${pick % addresses}`], inUse).size);
        // 200 looks are 17 minutes; without the patience some address would be left at each of them.
        assert.ok(left.slice(200).filter((count) => count > 0).length <= 20, left.join());

        let looks = 0;
        while (!watch.look(["10.0.9.9"], new Set(["10.0.0.0"])).has("10.0.0.0")) looks += 1;
        assert.ok(looks <= 64, `${looks} looks`);
      },
    ),
    { numRuns: 50 },
  );
});
