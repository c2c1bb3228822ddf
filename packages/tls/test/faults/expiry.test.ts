import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { type CertSource, createTlsServer, type ExpiringEvent, selfSigned } from "../../src/index.ts";
import { warningDays } from "../../src/server/expiry-alarm.ts";
import { collect } from "../support/collect.ts";
import { issue } from "../support/pki.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A server whose clock and timers move only when the test says so. */
async function serverWithClock(
  t: TestContext,
  makeSource: (now: () => number) => CertSource | Promise<CertSource>,
) {
  const clock = { nowMs: Date.now() };
  const now = () => clock.nowMs;
  const { load } = await makeSource(now);
  let loads = 0;
  const source = {
    load() {
      loads++;
      return load();
    },
  };
  const events = collect<ExpiringEvent>(t, "tls:expiring");
  const outcomes = [collect(t, "tls:swap"), collect(t, "tls:reject")];
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = await createTlsServer(() => undefined, { source, now });
  t.after(() => server[Symbol.asyncDispose]());
  const pass = async (steps: number, stepMs: number) => {
    for (let step = 0; step < steps; step++) {
      clock.nowMs += stepMs;
      t.mock.timers.tick(stepMs);
      // Whatever was begun in this step ends in it: each load after the first leads to a swap or a rejection.
      while (outcomes.flat().length < loads - 1) await nextTurn();
    }
  };
  return { server, events, clock, pass, passHours: (hours: number) => pass(hours, HOUR_MS) };
}

const withLife = (days: number) => async (now: () => number) => {
  const pair = await issue({ notBefore: new Date(now()), notAfter: new Date(now() + days * DAY_MS) });
  return { load: async () => pair };
};

test("warns once each at 30, 14, 7 and 1 days before the end of a long-lived certificate", async (t) => {
  const { events, passHours } = await serverWithClock(t, withLife(120));

  await passHours(119 * 24 + 12);

  assert.deepEqual(
    events.map(({ thresholdDays, daysLeft }) => [thresholdDays, daysLeft]),
    [
      [30, 29],
      [14, 13],
      [7, 6],
      [1, 0],
    ],
  );
});

test("scales the thresholds down for a short life, so that they begin after two thirds of it", () => {
  assert.deepEqual(warningDays(365 * DAY_MS), [30, 14, 7, 1]);
  assert.deepEqual(warningDays(100 * DAY_MS), [30, 14, 7, 1]);
  assert.deepEqual(warningDays(10 * DAY_MS), [3, 1.4000000000000001, 0.7000000000000001, 0.1]);
});

test("gives one warning, the most urgent, for a certificate that is late already", async (t) => {
  const { events } = await serverWithClock(t, async (now) => {
    const pair = await issue({
      notBefore: new Date(now() - 115 * DAY_MS),
      notAfter: new Date(now() + 5 * DAY_MS),
    });
    return { load: async () => pair };
  });

  assert.deepEqual(
    events.map(({ thresholdDays }) => thresholdDays),
    [7],
  );
});

test("renews a self-signed certificate at two thirds of its life, for ever, and never warns", async (t) => {
  const { server, events, passHours } = await serverWithClock(t, (now) => selfSigned({ days: 30, now }));

  await passHours(20 * 24 - 1);
  assert.equal(server.state().swaps, 0);
  await passHours(2);
  assert.equal(server.state().swaps, 1);
  assert.equal(server.state().daysLeft, 29);
  await passHours(60 * 24);
  assert.equal(server.state().swaps, 4);
  assert.deepEqual(events, []);
});

test("renews in time although the life is longer than a timer of Node can wait", async (t) => {
  const { server, clock, passHours } = await serverWithClock(t, (now) => selfSigned({ days: 365, now }));

  await passHours(24);
  assert.equal(server.state().swaps, 0);
  clock.nowMs += 242 * DAY_MS;
  await passHours(25);

  assert.equal(server.state().swaps, 1);
});

test("renews within the hour after the clock has jumped forward a year", async (t) => {
  const { server, clock, passHours } = await serverWithClock(t, (now) => selfSigned({ now }));
  clock.nowMs += 365 * DAY_MS;

  await passHours(2);

  assert.equal(server.state().swaps, 1);
  assert.equal(server.state().daysLeft, 29);
});

test("renews once, not in a loop, after the clock has jumped back a year", async (t) => {
  const { server, clock, passHours } = await serverWithClock(t, (now) => selfSigned({ now }));
  clock.nowMs -= 365 * DAY_MS;

  await passHours(48);

  assert.equal(server.state().swaps, 1);
});

test("asks a source that always wants to be asked again once an hour, not in a loop", async (t) => {
  let loads = 0;
  const pairs = [await issue(), await issue()];
  const { pass } = await serverWithClock(t, () => ({
    load: async () => ({ ...(pairs[loads++ % 2] ?? assert.fail()), renewAt: new Date(0) }),
  }));
  const loadsAtStart = loads;

  await pass(3 * 60 + 10, 60_000);

  assert.equal(loads - loadsAtStart, 3);
});

test("a certificate past the third of its four warnings is said to end soon", async (t) => {
  const { server, clock } = await serverWithClock(t, withLife(120));

  for (const [daysLeft, soon] of [
    [30, false],
    [7.1, false],
    [7, true],
    [-1, true],
  ] as const) {
    clock.nowMs = server.state().notAfter.getTime() - daysLeft * DAY_MS;
    assert.equal(server.state().expiresSoon, soon, `${daysLeft} days left`);
  }
});

test("never serves an expired certificate, whatever its life and however the clock goes", async (t) => {
  const lives = fc.double({ min: 0.2, max: 398, noNaN: true });
  // Parts of a life, above 1 and below 0 too: clocks that jump, machines that sleep.
  const jumps = fc.array(fc.double({ min: -1, max: 2, noNaN: true }), { minLength: 1, maxLength: 4 });

  await fc.assert(
    fc.asyncProperty(lives, jumps, async (days, parts) => {
      const { server, clock, passHours } = await serverWithClock(t, (now) => selfSigned({ days, now }));
      for (const part of parts) {
        clock.nowMs += part * days * DAY_MS;
        // Within the hour it looks at the clock.
        await passHours(1);
        const { notAfter, expiresSoon } = server.state();
        assert.ok(notAfter.getTime() > clock.nowMs, `expired after a jump of ${part} lives`);
        assert.equal(expiresSoon, false);
      }
      await server[Symbol.asyncDispose]();
      t.mock.timers.reset();
    }),
    { numRuns: 40 },
  );
});
