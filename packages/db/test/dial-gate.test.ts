import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@sealed/faults";
import fc from "fast-check";
import { dialGate } from "../src/pool/dial-gate.ts";

const OPTIONS = { maxConcurrentDials: 4, dialsPerSecond: 20 };

test("four logins may be under way at once, the fifth waits for an end", () => {
  const gate = dialGate({ ...OPTIONS, clock: new FakeClock(), random: () => 0.5 });
  for (let i = 0; i < 4; i++) {
    assert.equal(gate.delayMs(), 0);
    gate.started();
  }

  assert.equal(gate.delayMs(), Number.POSITIVE_INFINITY);
  gate.succeeded();
  assert.equal(gate.delayMs(), 0);
});

test("after a failure one login at a time probes, and a success opens the gate", async () => {
  const clock = new FakeClock();
  const gate = dialGate({ ...OPTIONS, clock, random: () => 0.5 });
  gate.started();
  assert.equal(gate.failed("DB_CONNECTION_REFUSED"), 50);
  assert.equal(gate.delayMs(), 50);
  await clock.advance(50);
  gate.started();
  assert.equal(gate.delayMs(), Number.POSITIVE_INFINITY);

  gate.succeeded();

  assert.equal(gate.delayMs(), 0);
  gate.started();
  assert.equal(gate.delayMs(), 0);
});

for (const [code, capMs] of [
  ["DB_CONNECTION_REFUSED", 500],
  ["DB_ACCESS_DENIED", 5_000],
  ["DB_TOO_MANY_CONNECTIONS", 5_000],
] as const) {
  test(`the wait after ${code} grows to ${capMs} ms and no further`, () => {
    const gate = dialGate({ ...OPTIONS, clock: new FakeClock(), random: () => 0.999_999 });
    let waitMs = 0;
    for (let i = 0; i < 20; i++) {
      gate.started();
      waitMs = gate.failed(code);
    }

    assert.equal(waitMs, capMs);
  });
}

test("a failure that is forgiven lets several logins start at once again", () => {
  const gate = dialGate({ ...OPTIONS, clock: new FakeClock(), random: () => 0.999 });
  for (let i = 0; i < 10; i++) {
    gate.started();
    gate.failed("DB_UNTRUSTED_CERTIFICATE");
  }
  assert.ok(gate.delayMs() > 4_000);

  gate.forgive();

  assert.equal(gate.delayMs(), 0);
  gate.started();
  assert.equal(gate.delayMs(), 0);
});

test("whatever fails, no more logins start than the bucket holds and refills", () => {
  const outcome = fc.constantFrom(
    "ok" as const,
    "DB_CONNECTION_REFUSED" as const,
    "DB_ACCESS_DENIED" as const,
  );
  fc.assert(
    fc.property(
      fc.infiniteStream(outcome),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (outcomes, part) => {
        const clock = new FakeClock();
        const gate = dialGate({ ...OPTIONS, clock, random: () => part });
        let starts = 0;
        for (let tenMs = 0; tenMs < 1_000; tenMs++) {
          while (gate.delayMs() === 0) {
            gate.started();
            starts += 1;
            const { value } = outcomes.next();
            if (value === "ok") gate.succeeded();
            else gate.failed(value as "DB_ACCESS_DENIED");
          }
          clock.advanceSync(10);
        }
        assert.ok(starts <= 20 + 10 * 20, `${starts} logins in 10 s`);
      },
    ),
    { numRuns: 30 },
  );
});
