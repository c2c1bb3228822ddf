import assert from "node:assert/strict";
import test from "node:test";
import type { TokenResult } from "../src/parts/token-client.ts";
import { checkWindows, mostSignatures } from "../src/rows/tokens.ts";

const seen = (changes: Partial<TokenResult> = {}): TokenResult => ({
  p99Ms: 3,
  failed: 0,
  signatures: 1,
  logins: 10,
  ...changes,
});
const results = (changed: Partial<TokenResult>, still: Partial<TokenResult> = {}) => ({
  "few logins": [seen(), seen(changed)],
  "few logins, one token": [seen({ signatures: 0, ...still })],
  "many logins": [seen()],
});

test("windows in which tokens rotated, connections came and every query was answered are taken", () => {
  checkWindows(results({}));
});

test("a window with a failed query is refused: what failed has no place in a p99", () => {
  assert.throws(() => checkWindows(results({ failed: 1 })), /"few logins": 1 queries failed/);
});

test("a window in which no token was signed, or nobody logged in, shows nothing of rotation", () => {
  assert.throws(() => checkWindows(results({ signatures: 0 })), /"few logins": no token was signed/);
  assert.throws(() => checkWindows(results({ logins: 0 })), /"few logins": nobody logged in/);
});

test("a window with one token in which another was signed is nothing to hold rotation against", () => {
  assert.throws(
    () => checkWindows(results({}, { signatures: 1 })),
    /"few logins, one token": a token was signed/,
  );
});

test("signatures are those of the worse pool, which the calm one cannot hide in a median", () => {
  const window = (signatures: number) => seen({ signatures });
  const still = [seen({ signatures: 0 })];

  assert.deepEqual(
    mostSignatures({
      "few logins": [window(1), window(2), window(1)],
      "few logins, one token": still,
      "many logins": [window(3), window(1), window(3)],
    }),
    [3, 2, 3],
  );
});
