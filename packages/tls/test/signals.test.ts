import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import test from "node:test";
import { createTlsServer, type DrainReport, installSignals, selfSigned } from "../src/index.ts";
import { startServer } from "./support/server.ts";

const REPORT: DrainReport = { requestsServed: 0, connectionsClosed: 0, connectionsForced: 0, durationMs: 0 };
const LIMITS = { graceMs: 0, hardMs: 100 };

/** Records what a signal leads to. */
function recorder() {
  const stopped = Promise.withResolvers<DrainReport>();
  const hardStops: Error[] = [];
  return {
    hardStops,
    stopped: stopped.promise,
    handlers: {
      onStopped: (report: DrainReport) => stopped.resolve(report),
      onHardStop: (reason: Error) => void hardStops.push(reason),
    },
  };
}

for (const signal of ["SIGTERM", "SIGINT"]) {
  test(`${signal} drains the server once and reports`, async (t) => {
    const { server } = await startServer(t);
    const emitter = new EventEmitter();
    const { stopped, hardStops, handlers } = recorder();
    using _signals = installSignals(server, { ...LIMITS, ...handlers, emitter });

    emitter.emit(signal, signal);

    assert.equal((await stopped).connectionsForced, 0);
    assert.equal(server.listening, false);
    assert.deepEqual(hardStops, []);
  });
}

test("a second signal, also of the other kind, calls for a hard stop and does not drain again", async () => {
  const emitter = new EventEmitter();
  const { hardStops, handlers } = recorder();
  let drains = 0;
  const drain = () => {
    drains++;
    return new Promise<DrainReport>(() => undefined);
  };
  using _signals = installSignals({ drain }, { ...LIMITS, ...handlers, emitter });

  emitter.emit("SIGTERM", "SIGTERM");
  emitter.emit("SIGINT", "SIGINT");

  assert.equal(drains, 1);
  assert.match(hardStops[0]?.message ?? "", /SIGINT/);
});

test("a drain that fails, and a stop that fails, call for a hard stop with the reason", async () => {
  const emitter = new EventEmitter();
  const failure = new Error("cannot");
  const reasons: Promise<unknown>[] = [];
  const failing = { drain: () => Promise.reject(failure) };
  const ending = { drain: async () => REPORT };
  const settle = () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    reasons.push(promise);
    return resolve;
  };
  using _one = installSignals(failing, {
    ...LIMITS,
    emitter,
    onStopped: () => undefined,
    onHardStop: settle(),
  });
  const onStopped = () => {
    throw failure;
  };
  using _two = installSignals(ending, { ...LIMITS, emitter, onStopped, onHardStop: settle() });

  emitter.emit("SIGTERM", "SIGTERM");

  assert.deepEqual(await Promise.all(reasons), [failure, failure]);
});

test("a signal before listen ends the server, which then does not begin to listen", async () => {
  const server = await createTlsServer(() => undefined, { source: selfSigned() });
  const emitter = new EventEmitter();
  const { stopped, handlers } = recorder();
  using _signals = installSignals(server, { graceMs: 60_000, hardMs: 60_000, ...handlers, emitter });

  emitter.emit("SIGTERM", "SIGTERM");
  await stopped;
  server.listen(0, "127.0.0.1");
  await once(server, "close");

  assert.equal(server.listening, false);
});

test("listens to the process until disposed of", () => {
  const { handlers } = recorder();
  const counts = () => [process.listenerCount("SIGTERM"), process.listenerCount("SIGINT")];
  const before = counts();
  const signals = installSignals({ drain: async () => REPORT }, { ...LIMITS, ...handlers });

  assert.deepEqual(
    counts(),
    before.map((count) => count + 1),
  );
  signals[Symbol.dispose]();
  assert.deepEqual(counts(), before);
});
