import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { ServerKind } from "@sealed/servers";
import { type Database, DbError, sql, type Tx } from "../src/index.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import type { Rig } from "./rig.ts";

/** Declares the tests of transactions, deadlines and giving up on one kind of server. */
export function statementsSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`statements on ${kind}`, () => {
    let rig: Rig;
    let database: Database;
    before(async () => {
      rig = shared();
      database = rig.open();
      await database.execute(sql`CREATE TABLE ledger (id INT PRIMARY KEY, amount INT NOT NULL)`);
    });

    const ids = async (): Promise<number[]> =>
      (await database.query<{ id: number }>(sql`SELECT id FROM ledger ORDER BY id`)).map(({ id }) => id);
    const clear = () => database.execute(sql`DELETE FROM ledger`);
    const running = async (text: string): Promise<number> =>
      (await rig.server.adminQuery("SHOW FULL PROCESSLIST")).filter((row) =>
        String(row.Info).startsWith(text),
      ).length;
    const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
      while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
    };

    test("a transaction is committed when its function returns", async () => {
      await clear();
      const value = await database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (${1}, ${10})`);
        return (await tx.query(sql`SELECT amount FROM ledger`))[0]?.amount;
      });

      assert.equal(value, 10);
      assert.deepEqual(await ids(), [1]);
    });

    test("a transaction is rolled back when its function throws, and its connection is clean", async () => {
      await clear();
      await using single = rig.open({ limits: { connections: 1 } });
      const broken = new Error("changed my mind");

      const outcome = single.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (${1}, ${10})`);
        throw broken;
      });

      await assert.rejects(outcome, broken);
      await single.execute(sql`INSERT INTO ledger VALUES (${2}, ${10})`);
      assert.deepEqual(await ids(), [2]);
      assert.equal(single.stats().opened, 1);
    });

    test("a transaction cannot be used after it has ended", async () => {
      let kept: Tx | undefined;
      await database.transaction(async (tx) => {
        kept = tx;
      });

      await assert.rejects(kept?.query(sql`SELECT 1`) ?? Promise.resolve(), {
        code: "DB_TRANSACTION_CLOSED",
      });
    });

    /** Two transactions that each hold what the other needs. */
    async function deadlock(retry: boolean, swallow: boolean): Promise<PromiseSettledResult<unknown>[]> {
      await clear();
      await database.execute(sql`INSERT INTO ledger VALUES (1, 0), (2, 0)`);
      const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
      const both = Promise.all(arrived.map(({ promise }) => promise));
      const one = (n: 0 | 1) =>
        database.transaction(
          async (tx) => {
            await tx.execute(sql`UPDATE ledger SET amount = amount + 1 WHERE id = ${n + 1}`);
            arrived[n].resolve();
            await both;
            const second = tx.execute(sql`UPDATE ledger SET amount = amount + 1 WHERE id = ${2 - n}`);
            await (swallow ? second.catch(() => undefined) : second);
          },
          retry ? { retry: "deadlock" } : {},
        );
      return await Promise.allSettled([one(0), one(1)]);
    }

    test("of two transactions in a deadlock one fails, retryable", async () => {
      const outcomes = await deadlock(false, false);

      const [failure] = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      assert.equal(failure?.reason.code, "DB_DEADLOCK");
      assert.equal(failure?.reason.retryable, true);
    });

    test("a deadlock that the function hides is not committed in part", async () => {
      const outcomes = await deadlock(false, true);

      assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 1);
      assert.deepEqual(await database.query(sql`SELECT amount FROM ledger`), [{ amount: 1 }, { amount: 1 }]);
    });

    test("a transaction that asks for it is run again after a deadlock", async () => {
      const outcomes = await deadlock(true, false);

      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "fulfilled"],
      );
      assert.deepEqual(await database.query(sql`SELECT amount FROM ledger`), [{ amount: 2 }, { amount: 2 }]);
    });

    test("a statement over its deadline fails, is killed on the server, and does not delay the next", async () => {
      await using single = rig.open({ limits: { connections: 1, statementMs: 300 } });

      await assert.rejects(single.query(sql`SELECT SLEEP(60)`), {
        code: "DB_STATEMENT_TIMEOUT",
        retryable: true,
      });
      assert.deepEqual(await single.query(sql`SELECT 1 AS one`), [{ one: 1 }]);

      await until(async () => (await running("SELECT SLEEP(60)")) === 0);
      await until(async () =>
        rig.events.some((event) => event.type === "statement.abandoned" && event.killed),
      );
      assert.equal(single.stats().open, 1);
    });

    test("a write over its deadline is not called retryable, unless its caller knows better", async () => {
      const slow = sql`UPDATE ledger SET amount = SLEEP(60)`;
      await clear();
      await database.execute(sql`INSERT INTO ledger VALUES (1, 0)`);

      await assert.rejects(database.execute(slow, { statementMs: 200 }), {
        code: "DB_STATEMENT_TIMEOUT",
        retryable: false,
      });
      await until(async () => (await running("UPDATE")) === 0);
      await assert.rejects(database.execute(slow, { statementMs: 200, repeatable: true }), {
        retryable: true,
      });
    });

    test("a statement whose caller gives up is killed on the server", async () => {
      const controller = new AbortController();
      const given = database.query(sql`SELECT SLEEP(59)`, { signal: controller.signal });
      await until(async () => (await running("SELECT SLEEP(59)")) === 1);

      controller.abort();

      await assert.rejects(given, { code: "DB_ABORTED" });
      await until(async () => (await running("SELECT SLEEP(59)")) === 0);
      assert.equal(database.stats().leased, 0);
    });

    test("a caller who gives up at the last moment sends nothing, and the connection stays", async () => {
      await clear();
      await using single = rig.open({ limits: { connections: 1 } });
      await single.ready();
      const controller = new AbortController();

      const given = single.transaction(
        async (tx) => {
          controller.abort();
          await tx.execute(sql`INSERT INTO ledger VALUES (5, 5)`);
        },
        { signal: controller.signal },
      );

      await assert.rejects(given, { code: "DB_ABORTED" });
      assert.deepEqual(await ids(), []);
      await single.ready();
      assert.equal(single.stats().opened, 1);
    });

    test("a transaction over its deadline is rolled back, and says so although its function hides it", async () => {
      await clear();

      const outcome = database.transaction(
        async (tx) => {
          await tx.execute(sql`INSERT INTO ledger VALUES (1, 1)`);
          await tx.query(sql`SELECT SLEEP(58)`).catch(() => undefined);
        },
        { statementMs: 200 },
      );

      await assert.rejects(outcome, { code: "DB_STATEMENT_TIMEOUT", retryable: false });
      assert.deepEqual(await ids(), []);
    });

    test("a COMMIT whose answer is lost is reported as unknown, and never repeated", async () => {
      await clear();
      await using proxy = await startCuttingProxy(rig.server.port);
      const { credentials, region } = rig.server;
      const endpoints = [rig.server.port, proxy.port].map((port) => `localhost:${port}`);
      await rig.server.writeKeyring(
        endpoints.map((endpoint) => ({ ...credentials, region, endpoint, users: ["app"] })),
      );
      await using cut = rig.open({ endpoint: { host: "localhost", port: proxy.port } });
      let runs = 0;

      const outcome = cut.transaction(
        async (tx) => {
          runs += 1;
          await tx.execute(sql`INSERT INTO ledger VALUES (7, 7)`);
          proxy.cutReplies();
        },
        { retry: "deadlock" },
      );

      await assert.rejects(outcome, { code: "DB_COMMIT_UNKNOWN", retryable: false });
      assert.equal(runs, 1);
      assert.deepEqual(await ids(), [7]);
      assert.ok(rig.events.some(({ type }) => type === "transaction.commit_unknown"));
      proxy.heal();
      await cut.ready({ signal: AbortSignal.timeout(30_000) });
    });

    test("a lost connection before COMMIT is not called unknown", async () => {
      await clear();
      const outcome = database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (8, 8)`);
        const [row] = await tx.query<{ id: number }>(sql`SELECT CONNECTION_ID() AS id`);
        await rig.server.adminQuery(`KILL ${row?.id}`);
        await until(async () => database.stats().leased === 0 || (await running("x")) === 0);
        await tx.query(sql`SELECT 1`).catch(() => undefined);
      });

      await assert.rejects(outcome, { code: "DB_CONNECTION_LOST" });
      assert.deepEqual(await ids(), []);
    });

    test("callers beyond the pool wait their turn, then get DB_POOL_TIMEOUT or DB_POOL_OVERLOADED", async () => {
      await using small = rig.open({ limits: { connections: 1, queue: 1, acquireMs: 300 } });
      await small.ready();
      const slow = small.query(sql`SELECT SLEEP(1) AS slept`);

      const late = small.query(sql`SELECT 1`);
      const last = small.query(sql`SELECT 1`);

      await assert.rejects(last, { code: "DB_POOL_OVERLOADED" });
      await assert.rejects(late, { code: "DB_POOL_TIMEOUT" });
      assert.deepEqual(await slow, [{ slept: 0 }]);
      assert.deepEqual(await small.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
    });

    test("closing lets a running statement finish, refuses new ones, and resolves twice", async () => {
      const closing = rig.open();
      await closing.ready();
      const slow = closing.query(sql`SELECT SLEEP(0.5) AS slept`);

      const closed = closing.close();
      await assert.rejects(closing.query(sql`SELECT 1`), { code: "DB_SHUTTING_DOWN" });

      assert.deepEqual(await slow, [{ slept: 0 }]);
      await closed;
      await closing.close();
      assert.equal(closing.stats().open, 0);
    });

    test("closing destroys what does not end in time, and its caller is told", async () => {
      const closing = rig.open();
      await closing.ready();
      const hung = closing.query(sql`SELECT SLEEP(57)`).catch((error: unknown) => error);

      await closing.close({ within: 100 });

      const error = await hung;
      assert.ok(error instanceof DbError);
      assert.equal(error.code, "DB_CONNECTION_LOST");
      assert.equal(closing.stats().open, 0);
    });
  });
}
