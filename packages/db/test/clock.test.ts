import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../src/index.ts";

/** Node takes longer delays for 1 ms: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
for (const delayMs of [2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY]) {
  test(`a timer of ${delayMs} ms does not fire at once`, async () => {
    let hasFired = false;
    const timer = systemClock.after(delayMs, () => {
      hasFired = true;
    });

    await wait(20);
    timer.cancel();

    assert.equal(hasFired, false);
  });
}
