import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, settled } from "@sealed/faults";
import { DbError, sql } from "../src/index.ts";
import type { RawResult, Session, StatementOptions } from "../src/session/session.ts";
import { runTransaction } from "../src/transaction.ts";
import { FakeSession } from "./fake-session.ts";

/** A session whose server answers one command with an error, and stays. */
class RefusingSession extends FakeSession {
  readonly #refused: string;

  constructor(clock: FakeClock, refused: string) {
    super(clock);
    this.#refused = refused;
  }

  override command(text: string): Promise<RawResult> {
    if (text === this.#refused) return Promise.reject(new DbError("DB_STATEMENT_FAILED", "as told"));
    return super.command(text);
  }
}

/** A session whose server takes its time for COMMIT, and lets a caller give it up. */
class SlowCommit extends FakeSession {
  readonly answer = Promise.withResolvers<void>();

  override async command(text: string, _values?: unknown, options?: Pick<StatementOptions, "signal">) {
    const done = super.command(text);
    if (text !== "COMMIT") return await done;
    const { promise, reject } = Promise.withResolvers<never>();
    options?.signal?.addEventListener("abort", () => reject(new DbError("DB_ABORTED", "as told")));
    await Promise.race([this.answer.promise, promise]);
    return await done;
  }
}

/** A session whose statements the test answers. */
class SlowSession extends FakeSession {
  readonly answer = Promise.withResolvers<RawResult>();

  override execute(): Promise<RawResult> {
    return this.answer.promise;
  }
}

function contextOf(session: Session) {
  const released: Session[] = [];
  const context = {
    acquire: () => Promise.resolve(session),
    release: (returned: Session) => void released.push(returned),
    statementMs: 1_000,
    clock: new FakeClock(),
    random: () => 0.5,
    emit: () => undefined,
  };
  return { context, released };
}

test("a connection whose ROLLBACK the server refuses is destroyed, and the caller gets their own error", async () => {
  const session = new RefusingSession(new FakeClock(), "ROLLBACK");
  const { context, released } = contextOf(session);
  const broken = new Error("changed my mind");

  await assert.rejects(
    runTransaction(context, () => Promise.reject(broken)),
    broken,
  );

  assert.equal(session.isUsable, false);
  assert.deepEqual(released, [session]);
});

test("a COMMIT that the server refuses is an error like any other, and is rolled back", async () => {
  const session = new RefusingSession(new FakeClock(), "COMMIT");
  const { context, released } = contextOf(session);

  await assert.rejects(
    runTransaction(context, () => Promise.resolve(1)),
    { code: "DB_STATEMENT_FAILED" },
  );

  assert.deepEqual(session.sent, ["START TRANSACTION", "ROLLBACK"]);
  assert.equal(session.isUsable, true);
  assert.deepEqual(released, [session]);
});

test("nothing is committed while a statement runs that nobody waits for; its deadlock is the transaction's", async () => {
  const session = new SlowSession(new FakeClock());
  const { context } = contextOf(session);
  const deadlock = new DbError("DB_DEADLOCK", "as told");

  const outcome = assert.rejects(
    runTransaction(context, async (tx) => {
      tx.execute(sql`UPDATE notes SET title = 'x'`).catch(() => undefined);
    }),
    deadlock,
  );
  await settled();
  assert.deepEqual(session.sent, ["START TRANSACTION"]);
  session.answer.reject(deadlock);
  await outcome;

  assert.deepEqual(session.sent, ["START TRANSACTION", "ROLLBACK"]);
});

test("a caller who gives up after COMMIT was sent is told what it came to", async () => {
  const session = new SlowCommit(new FakeClock());
  const { context } = contextOf(session);
  const controller = new AbortController();
  const outcome = runTransaction(context, () => Promise.resolve("done"), { signal: controller.signal });
  await settled();
  assert.deepEqual(session.sent, ["START TRANSACTION", "COMMIT"]);

  controller.abort();
  await settled();
  session.answer.resolve();

  assert.equal(await outcome, "done");
});
