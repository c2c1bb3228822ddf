import assert from "node:assert/strict";
import test from "node:test";
import { checkTimeouts, timeoutsFor } from "../lib/timeouts.ts";

test("the times of every load balancer agree", () => {
  for (const loadBalancer of ["application", "classic", "network", "none"] as const) {
    assert.deepEqual(checkTimeouts(timeoutsFor(loadBalancer)), []);
  }
});

test("every time follows from the idle timeout", () => {
  for (const idleSeconds of [30, 60, 120, 600]) {
    const times = timeoutsFor("application", idleSeconds);

    assert.equal(times.idleSeconds, idleSeconds);
    assert.deepEqual(checkTimeouts(times), []);
  }
});

test("a keep-alive that ends first is refused, since a request can meet a closed connection", () => {
  const [problem] = checkTimeouts({ ...timeoutsFor("application"), keepAliveSeconds: 60 });

  assert.match(problem ?? "", /keep-alive of 60 s must be longer than .* 60 s/);
});

test("a drain that ends before health checks notice is refused", () => {
  const [problem] = checkTimeouts({ ...timeoutsFor("application"), drainSeconds: 10 });

  assert.match(problem ?? "", /drain of 10 s must be longer than 10 s/);
});

test("a deregistration delay shorter than the drain is refused", () => {
  const [problem] = checkTimeouts({ ...timeoutsFor("application"), deregistrationSeconds: 14 });

  assert.match(problem ?? "", /deregistration delay of 14 s must not be shorter than the drain of 15 s/);
});
