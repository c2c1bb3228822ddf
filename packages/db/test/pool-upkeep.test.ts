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

test("what a destroyed connection was running is killed from another one", async () => {
  const { pool, state } = poolOver();
  const session = (await pool.acquire()) as FakeSession;

  session.observer?.abandoned("DB_STATEMENT_TIMEOUT");
  session.destroy();
  await settled();
  await settled();

  const killer = state.sessions.find(({ sent }) => sent.length > 0);
  assert.deepEqual(killer?.sent, ["SHOW GLOBAL STATUS LIKE 'Uptime'", `KILL ${session.threadId}`]);
  assert.ok(state.events.some((event) => event.type === "statement.abandoned" && event.killed));
});

test("closing kills what it destroys on a session of its own, and waits for that", async () => {
  const { clock, pool, state } = poolOver();
  const busy = (await pool.acquire()) as FakeSession;
  const waiting = (await pool.acquire()) as FakeSession;
  busy.isBusy = true;

  const closed = pool.close(10_000);
  await clock.advance(10_000);
  await closed;

  const [killer] = state.sessions.filter(({ sent }) => sent.length > 0);
  assert.deepEqual(killer?.sent, ["SHOW GLOBAL STATUS LIKE 'Uptime'", `KILL ${busy.threadId}`]);
  assert.deepEqual(
    [busy, waiting, killer].map((session) => session?.isUsable),
    [false, false, false],
  );
  assert.equal(clock.pending, 0);
});

test("closing waits two seconds and no longer for a server that does not let it kill", async () => {
  const { clock, pool, state } = poolOver();
  const busy = (await pool.acquire()) as FakeSession;
  busy.isBusy = true;
  state.hangIn = "connection";
  let isClosed = false;

  const closed = pool.close(10_000).then(() => {
    isClosed = true;
  });
  await clock.advance(11_999);
  assert.equal(isClosed, false);
  await clock.advance(1);
  await closed;

  assert.ok(state.events.some((event) => event.type === "statement.abandoned" && !event.killed));
  assert.equal(clock.pending, 0);
});

test("closing refuses new callers, waits for what is lent and then resolves", async () => {
  const { clock, pool, state } = poolOver({ connections: 1 });
  const held = await pool.acquire();
  const waiting = assert.rejects(pool.acquire(), { code: "DB_SHUTTING_DOWN" });

  const closed = pool.close(10_000);
  await waiting;
  await assert.rejects(pool.acquire(), { code: "DB_SHUTTING_DOWN" });
  await clock.advance(5_000);
  assert.equal(held.isUsable, true);
  pool.release(held);
  await closed;

  assert.equal(pool.counts().open, 0);
  assert.equal(clock.pending, 0);
  assert.equal(pool.close(0), closed);
  assert.equal(state.dials, 1);
});

test("closing calls off logins, and resolves without waiting for them", async () => {
  const { clock, pool, state } = poolOver();
  state.hangIn = "connection";
  const waiting = assert.rejects(pool.acquire(), { code: "DB_SHUTTING_DOWN" });
  await settled();

  await pool.close(10_000);
  await waiting;

  assert.equal(pool.counts().dialing, 0);
  assert.equal(clock.pending, 0);
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

test("closing destroys what is not given back in time, and calls off logins", async () => {
  const { clock, pool, state } = poolOver();
  const held = await pool.acquire();
  state.hangIn = "connection";
  const waiting = assert.rejects(pool.acquire(), { code: "DB_SHUTTING_DOWN" });
  await settled();

  const closed = pool.close(10_000);
  await clock.advance(10_000);
  await closed;
  await waiting;

  assert.equal(held.isUsable, false);
  pool.release(held);
  assert.deepEqual(pool.counts(), { open: 0, idle: 0, leased: 0, waiting: 0, dialing: 0 });
  assert.equal(clock.pending, 0);
});
