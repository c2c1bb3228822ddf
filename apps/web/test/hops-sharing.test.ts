import assert from "node:assert/strict";
import test from "node:test";
import { shareObservation } from "../src/hops/shared-observation.ts";

function countedObservation() {
  const clock = { nowMs: 0 };
  const flights: PromiseWithResolvers<string>[] = [];
  const observe = () => {
    const flight = Promise.withResolvers<string>();
    flights.push(flight);
    return flight.promise;
  };
  return { clock, flights, share: shareObservation(observe, { freshMs: 1_000, now: () => clock.nowMs }) };
}

test("callers at the same time share one observation", async () => {
  const { flights, share } = countedObservation();

  const callers = Array.from({ length: 50 }, share);
  for (const flight of flights) flight.resolve("seen");

  assert.deepEqual(new Set(await Promise.all(callers)), new Set(["seen"]));
  assert.equal(flights.length, 1);
});

test("an observation serves until it is one second old, and not longer", async () => {
  const { clock, flights, share } = countedObservation();
  const first = share();
  flights[0]?.resolve("first");
  await first;

  clock.nowMs = 999;
  assert.equal(await share(), "first");
  assert.equal(flights.length, 1);

  clock.nowMs = 1_000;
  const second = share();
  flights[1]?.resolve("second");
  assert.equal(await second, "second");
});

test("an observation of the future, after the clock was set back, serves nobody", async () => {
  const { clock, flights, share } = countedObservation();
  clock.nowMs = 3_600_000;
  const first = share();
  flights[0]?.resolve("before the clock was set back");
  await first;

  clock.nowMs = 0;
  const second = share();
  flights[1]?.resolve("now");
  assert.equal(await second, "now");
});

test("a failed observation is told to those who waited and tried again by the next", async () => {
  const { flights, share } = countedObservation();
  const waiting = [share(), share()];
  for (const flight of flights) flight.reject(new Error("no luck"));
  for (const caller of waiting) await assert.rejects(caller, /no luck/);

  const next = share();
  flights[1]?.resolve("seen");
  assert.equal(await next, "seen");
});
