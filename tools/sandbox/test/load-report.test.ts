import assert from "node:assert/strict";
import { test } from "node:test";
import { flawsOf, type LoadReport } from "./drill/load-report.ts";

const PLAN = { perSecond: 100 };
const SOUND: LoadReport = {
  sent: 1_000,
  seconds: 10,
  outcomes: { 200: 800, 201: 200 },
  fresh: 166,
  acknowledged: Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, title: `note ${index}` })),
  latencyMs: { p50: 2, p99: 9, max: 20 },
  leastInASecond: 97,
  mostUnderWay: 4,
};

test("a load that was sent as planned has no flaw", () => {
  assert.deepEqual(flawsOf(SOUND, PLAN), []);
});

test("a load that stalled, wrote nothing or stayed on its first connections is no proof of anything", () => {
  for (const [change, what] of [
    [{ sent: 700 }, /^700 requests, expected at least 990$/],
    [{ leastInASecond: 0 }, /^0 requests in the emptiest second/],
    [{ fresh: 5 }, /^5 connections of their own/],
    [{ acknowledged: [] }, /^0 acknowledged notes/],
  ] as const) {
    const flaws = flawsOf(
      { ...SOUND, ...change, acknowledged: [...(change.acknowledged ?? SOUND.acknowledged)] },
      PLAN,
    );

    assert.equal(flaws.length, 1);
    assert.match(flaws[0] ?? "", what);
  }
});

test("a load of nothing at all is flawed in every respect", () => {
  const nothing = { ...SOUND, sent: 0, seconds: 0, fresh: 0, acknowledged: [], leastInASecond: 0 };

  assert.equal(flawsOf(nothing, PLAN).length, 4);
});
