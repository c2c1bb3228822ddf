import assert from "node:assert/strict";
import { test } from "node:test";
import { guardedSink } from "../src/events.ts";

test("what a listener throws ends the process, and never the work that the event tells of", (t) => {
  const broken = new Error("the listener's own");
  const queued = t.mock.method(globalThis, "queueMicrotask", () => undefined);
  const sink = guardedSink(() => {
    throw broken;
  });

  assert.doesNotThrow(() => sink({ type: "endpoint.unusual", host: "db.example.test" }));

  // As a microtask it is an exception that nobody catches.
  const [call] = queued.mock.calls;
  assert.throws(call?.arguments[0] as unknown as () => void, broken);
});
