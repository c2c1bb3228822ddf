import assert from "node:assert/strict";
import { test } from "node:test";
import { shortfalls } from "./activity.ts";

const MINUTE_MS = 60_000;
const BUSY = { requests: 9_000, tokens: 7, certificates: 6, logins: 90 };

test("a minute in which tokens, connections and certificates came and went lacks nothing", () => {
  assert.deepEqual(shortfalls(BUSY, MINUTE_MS), []);
});

test("a soak in which one of them stood still is no soak, however flat", () => {
  for (const what of ["requests", "tokens", "certificates", "logins"] as const) {
    const lacking = shortfalls({ ...BUSY, [what]: 1 }, MINUTE_MS);

    assert.equal(lacking.length, 1, what);
    assert.match(lacking[0] ?? "", new RegExp(`^1 ${what}, expected at least \\d+$`));
  }
});

test("what is enough for a minute is not enough for twenty", () => {
  assert.equal(shortfalls(BUSY, 20 * MINUTE_MS).length, 4);
});
