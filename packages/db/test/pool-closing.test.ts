import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "@sealed/faults";
import type { FakeSession } from "./fake-session.ts";
import { poolOver } from "./pool-under-test.ts";

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

test("nothing is killed on a server that has restarted while the kill had to wait", async () => {
  const { clock, pool, state } = poolOver({ connectMs: 5_000 });
  const session = (await pool.acquire()) as FakeSession;
  await clock.advance(300);
  state.uptimeS = 1;
  state.failWith = "DB_CONNECTION_REFUSED";
  session.observer?.abandoned("DB_STATEMENT_TIMEOUT");
  session.destroy();
  await clock.advance(3_000);

  state.failWith = undefined;
  await clock.advance(1_000);

  assert.deepEqual(
    state.sessions.flatMap(({ sent }) => sent),
    ["SHOW GLOBAL STATUS LIKE 'Uptime'"],
  );
  assert.ok(state.events.some((event) => event.type === "statement.abandoned" && !event.killed));
});

test("nothing is killed on another host that the name has come to stand for", async () => {
  const { pool, state } = poolOver();
  const session = (await pool.acquire()) as FakeSession;
  state.addresses = ["10.0.0.2"];

  session.observer?.abandoned("DB_STATEMENT_TIMEOUT");
  session.destroy();
  for (let turn = 0; turn < 5; turn++) await settled();

  assert.deepEqual(
    state.sessions.flatMap(({ sent }) => sent),
    ["SHOW GLOBAL STATUS LIKE 'Uptime'"],
  );
});

test("a kill that gets no answer is given up, and not killed in its turn", async () => {
  const { pool, state } = poolOver();
  const [session, killer] = (await Promise.all([pool.acquire(), pool.acquire()])) as FakeSession[];
  assert.ok(session !== undefined && killer !== undefined);
  pool.release(killer);
  killer.command = () => {
    killer.observer?.abandoned("DB_STATEMENT_TIMEOUT");
    killer.destroy();
    return Promise.reject(new Error("no answer"));
  };

  session.observer?.abandoned("DB_STATEMENT_TIMEOUT");
  session.destroy();
  for (let turn = 0; turn < 5; turn++) await settled();

  assert.equal(state.events.filter(({ type }) => type === "statement.abandoned").length, 1);
  assert.deepEqual(pool.counts(), { open: 0, idle: 0, leased: 0, waiting: 0, dialing: 0 });
});
