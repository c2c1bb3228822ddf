import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "@sealed/faults";
import { poolOver } from "./pool-under-test.ts";

test("a session is lent to one caller at a time and used again", async () => {
  const { pool, state } = poolOver();

  const first = await pool.acquire();
  pool.release(first);

  assert.equal(await pool.acquire(), first);
  assert.equal(state.dials, 1);
});

test("no more connections are opened than the limit, and callers are served in order", async () => {
  const { pool, state } = poolOver({ connections: 2 });
  const a = await pool.acquire();
  const b = await pool.acquire();
  const served: number[] = [];
  const waits = [1, 2, 3].map((n) =>
    pool.acquire().then((session) => {
      served.push(n);
      pool.release(session);
    }),
  );

  pool.release(a);
  pool.release(b);
  await Promise.all(waits);

  assert.deepEqual(served, [1, 2, 3]);
  assert.equal(state.dials, 2);
});

test("a caller who waits longer than the limit gets DB_POOL_TIMEOUT, and the next connection stays usable", async () => {
  const { clock, pool } = poolOver({ connections: 1, acquireMs: 2_000 });
  const held = await pool.acquire();
  const late = pool.acquire();
  const refused = assert.rejects(late, {
    code: "DB_POOL_TIMEOUT",
    retryable: true,
    message: /2000 ms \(1 in use/,
  });

  await clock.advance(2_000);
  await refused;
  pool.release(held);

  assert.deepEqual(pool.counts(), { open: 1, idle: 1, leased: 0, waiting: 0, dialing: 0 });
  assert.equal(await pool.acquire(), held);
});

test("callers beyond the queue are refused at once", async () => {
  const { pool } = poolOver({ connections: 1, queue: 1 });
  const held = await pool.acquire();
  const waiting = pool.acquire();

  await assert.rejects(pool.acquire(), { code: "DB_POOL_OVERLOADED", retryable: true });
  pool.release(held);
  assert.equal(await waiting, held);
});

test("a caller who gives up leaves the queue, and the login it caused serves another", async () => {
  const { pool, state } = poolOver();
  const controller = new AbortController();
  const waiting = pool.acquire({ signal: controller.signal });

  controller.abort();

  await assert.rejects(waiting, { code: "DB_ABORTED" });
  await settled();
  assert.deepEqual(pool.counts(), { open: 1, idle: 1, leased: 0, waiting: 0, dialing: 0 });
  await pool.acquire();
  assert.equal(state.dials, 1);
  await assert.rejects(pool.acquire({ signal: AbortSignal.abort() }), { code: "DB_ABORTED" });
});

test("a refused login is told to every caller at once when no connection is open", async () => {
  const { pool, state } = poolOver();
  state.failWith = "DB_ACCESS_DENIED";

  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => pool.acquire()));

  assert.ok(
    outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason.code === "DB_ACCESS_DENIED"),
  );
  assert.ok(state.dials <= 4, `${state.dials} logins`);
});

test("a refused login does not disturb callers that an open connection will serve", async () => {
  const { clock, pool, state } = poolOver();
  const held = await pool.acquire();
  state.failWith = "DB_CREDENTIALS_UNAVAILABLE";
  const waiting = pool.acquire();
  await clock.advance(1_000);

  pool.release(held);

  assert.equal(await waiting, held);
});

test("a server that is away is waited for, and the error after the wait says why", async () => {
  const { clock, pool, state } = poolOver();
  state.failWith = "DB_CONNECTION_REFUSED";
  const early = pool.acquire();
  const refused = assert.rejects(early, { code: "DB_CONNECTION_REFUSED", retryable: true });
  await clock.advance(2_000);
  await refused;
  const waiting = pool.acquire();
  await clock.advance(500);

  state.failWith = undefined;
  await clock.advance(500);

  assert.ok((await waiting).isUsable);
});

test("a server that is away for long costs a few logins a second, whoever waits", async () => {
  const { clock, pool, state } = poolOver({ acquireMs: 10_000 });
  state.failWith = "DB_CONNECTION_REFUSED";
  const waits = Promise.allSettled(Array.from({ length: 20 }, () => pool.acquire()));

  await clock.advance(10_000);
  await waits;

  assert.ok(state.dials <= 50, `${state.dials} logins in 10 s`);
});

test("a wait whose cause has been mended ends at once, and another one does not", async () => {
  const { clock, pool, state } = poolOver();
  state.failWith = "DB_UNTRUSTED_CERTIFICATE";
  for (let n = 0; n < 8; n++) {
    await assert.rejects(pool.acquire(), { code: "DB_UNTRUSTED_CERTIFICATE" });
    await clock.advance(2_500);
  }
  const refused = assert.rejects(pool.acquire(), { code: "DB_UNTRUSTED_CERTIFICATE" });
  await settled();
  await refused;
  state.failWith = undefined;
  const { dials } = state;
  pool.retry("DB_ACCESS_DENIED");
  const late = assert.rejects(pool.acquire({ acquireMs: 100 }), { code: "DB_UNTRUSTED_CERTIFICATE" });
  await clock.advance(100);
  await late;
  assert.equal(state.dials, dials);

  pool.retry("DB_UNTRUSTED_CERTIFICATE");

  assert.ok((await pool.acquire({ acquireMs: 100 })).isUsable);
});

for (const [phase, code] of [
  ["credential", "DB_CREDENTIALS_UNAVAILABLE"],
  ["connection", "DB_UNREACHABLE"],
] as const) {
  test(`a login that hangs while it waits for its ${phase} is blamed on it, and leaves nothing behind`, async () => {
    const { clock, pool, state } = poolOver();
    state.hangIn = phase;
    const refused = assert.rejects(pool.acquire(), { code });

    await clock.advance(2_000);
    await refused;
    await clock.advance(3_000);

    assert.equal(pool.counts().dialing, 0);
  });
}
