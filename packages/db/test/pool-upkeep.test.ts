import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "@sealed/faults";
import type { FakeSession } from "./fake-session.ts";
import { poolOver } from "./pool-under-test.ts";

test("an aged connection is replaced when it comes back, and before it is lent", async () => {
  const { clock, pool, reasons } = poolOver({ maxAgeMs: 60_000, maxIdleMs: 600_000 });
  const first = await pool.acquire();
  await clock.advance(61_000);
  pool.release(first);
  await settled();
  assert.equal(first.isUsable, false);
  const second = await pool.acquire();
  pool.release(second);
  await clock.advance(70_000);

  assert.notEqual(await pool.acquire(), second);
  assert.deepEqual(reasons(), ["aged", "aged"]);
});

test("connections that nobody needs are closed, down to the warm minimum", async () => {
  const { clock, pool, reasons } = poolOver({ minWarm: 1, maxIdleMs: 60_000 });
  const sessions = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
  for (const session of sessions) pool.release(session);

  await clock.advance(70_000);

  assert.equal(pool.counts().open, 1);
  assert.deepEqual(reasons(), ["idle", "idle"]);
});

test("the warm minimum is opened at start and again when it is lost", async () => {
  const { clock, pool, state } = poolOver({ minWarm: 1 });
  await clock.advance(0);
  assert.equal(pool.counts().idle, 1);

  state.sessions[0]?.destroy();
  await clock.advance(0);

  assert.equal(pool.counts().idle, 1);
  assert.equal(state.dials, 2);
});

test("a connection that was idle for long must answer before it is lent", async () => {
  const { clock, pool, state, reasons } = poolOver({ pingAfterIdleMs: 30_000 });
  const session = (await pool.acquire()) as FakeSession;
  pool.release(session);
  await clock.advance(30_000);
  assert.equal(await pool.acquire(), session);
  assert.equal(session.pings, 0);
  pool.release(session);
  await clock.advance(30_001);
  assert.equal(await pool.acquire(), session);
  assert.equal(session.pings, 1);
  pool.release(session);

  await clock.advance(30_001);
  session.answersPings = false;
  const other = await pool.acquire();

  assert.notEqual(other, session);
  assert.deepEqual(reasons(), ["ping-failed"]);
  assert.equal(state.dials, 2);
});

test("a read-only answer gives up every connection to that address", async () => {
  const { pool, reasons } = poolOver();
  const sessions = (await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()])) as FakeSession[];
  const [first, second, third] = sessions as [FakeSession, FakeSession, FakeSession];
  pool.release(third);

  first.observer?.readOnly();
  await settled();
  assert.deepEqual([first.isUsable, second.isUsable, third.isUsable], [true, true, false]);
  pool.release(first);
  pool.release(second);
  await settled();

  assert.equal(pool.counts().open, 0);
  assert.deepEqual(reasons(), ["read-only", "read-only", "read-only"]);
});

test("many read-only answers in one transaction hold up the next logins no longer than one does", async () => {
  const { clock, pool, state } = poolOver();
  const session = (await pool.acquire()) as FakeSession;

  for (let n = 0; n < 1_000; n++) session.observer?.readOnly();
  pool.release(session);
  const next = pool.acquire();
  await clock.advance(200);

  assert.equal(pool.counts().leased, 1);
  assert.ok((await next).isUsable);
  assert.equal(state.dials, 2);
});

test("a connection that is given up while it answers a ping is not lent", async () => {
  const { clock, pool, reasons } = poolOver({ pingAfterIdleMs: 30_000 });
  const [pinged, other] = (await Promise.all([pool.acquire(), pool.acquire()])) as FakeSession[];
  assert.ok(pinged !== undefined && other !== undefined);
  pool.release(pinged);
  await clock.advance(30_001);
  pinged.pingMs = 500;
  const next = pool.acquire();
  await clock.advance(100);

  other.observer?.readOnly();
  await clock.advance(1_000);

  assert.notEqual(await next, pinged);
  assert.equal(pinged.isUsable, false);
  assert.deepEqual(reasons(), ["read-only"]);
});

test("callers wait for connections that fell silent no longer than they would for any other", async () => {
  const { clock, pool, state } = poolOver({ connections: 4, pingMs: 1_000, acquireMs: 2_000 });
  const sessions = (await Promise.all([1, 2, 3, 4].map(() => pool.acquire()))) as FakeSession[];
  for (const session of sessions) pool.release(session);
  await clock.advance(30_001);
  for (const session of sessions) session.pingMs = Number.POSITIVE_INFINITY;

  // The others are looked at as soon as one is found silent, so that this costs one ping and no more.
  const patient = pool.acquire();
  const hasty = assert.rejects(pool.acquire({ acquireMs: 400 }), { code: "DB_POOL_TIMEOUT" });
  const controller = new AbortController();
  const leaving = assert.rejects(pool.acquire({ signal: controller.signal }), { code: "DB_ABORTED" });
  await clock.advance(100);
  controller.abort();
  await leaving;
  await clock.advance(300);
  await hasty;
  await clock.advance(600);

  assert.ok((await patient).isUsable);
  await clock.advance(1_000);
  assert.ok(sessions.every(({ isUsable }) => !isUsable));
  assert.equal(state.dials, 5);
});

test("a connection whose ping is answered after its caller has left is kept", async () => {
  const { clock, pool } = poolOver();
  const session = (await pool.acquire()) as FakeSession;
  pool.release(session);
  await clock.advance(30_001);
  session.pingMs = 500;
  const hasty = assert.rejects(pool.acquire({ acquireMs: 100 }), { code: "DB_POOL_TIMEOUT" });

  await clock.advance(100);
  await hasty;
  await clock.advance(400);

  assert.deepEqual(pool.counts(), { open: 1, idle: 1, leased: 0, waiting: 0, dialing: 0 });
});

test("connections to an address that the name no longer has are given up", async () => {
  const { clock, pool, reasons, state } = poolOver({ housekeepingMs: 5_000 });
  const idle = await pool.acquire();
  const held = await pool.acquire();
  pool.release(idle);
  state.addresses = ["10.0.0.2"];

  await clock.advance(5_000);

  assert.equal(idle.isUsable, false);
  assert.equal(held.isUsable, true);
  pool.release(held);
  await settled();
  assert.equal(held.isUsable, false);
  assert.deepEqual(reasons(), ["address-changed", "address-changed"]);
});

test("a connection that is lost right after its login is not counted", async () => {
  const { pool, state } = poolOver();
  state.diesAfterLogin = true;
  const waiting = pool.acquire();
  await settled();
  await settled();
  state.diesAfterLogin = false;

  const session = await waiting;

  assert.equal(session.isUsable, true);
  assert.deepEqual(pool.counts(), { open: 1, idle: 0, leased: 1, waiting: 0, dialing: 0 });
});
