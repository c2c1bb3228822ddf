import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServerKind } from "@sealed/servers";
import { sql, type Tx } from "../src/index.ts";
import { useLedger } from "./ledger.ts";
import type { Rig } from "./rig.ts";

/** Declares the tests of transactions on one kind of server. */
export function transactionsSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`transactions on ${kind}`, () => {
    const ledger = useLedger(shared);
    const { ids, clear } = ledger;

    test("a transaction is committed when its function returns", async () => {
      await clear();
      const value = await ledger.database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (${1}, ${10})`);
        return (await tx.query(sql`SELECT amount FROM ledger`))[0]?.amount;
      });

      assert.equal(value, 10);
      assert.deepEqual(await ids(), [1]);
    });

    test("a transaction is rolled back when its function throws, and its connection is clean", async () => {
      await clear();
      await using single = ledger.rig.open({ limits: { connections: 1 } });
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
      await ledger.database.transaction(async (tx) => {
        kept = tx;
      });

      await assert.rejects(kept?.query(sql`SELECT 1`) ?? Promise.resolve(), {
        code: "DB_TRANSACTION_CLOSED",
      });
    });

    /** Two transactions that each hold what the other needs. */
    async function deadlock(retry: boolean, swallow: boolean): Promise<PromiseSettledResult<unknown>[]> {
      await clear();
      await ledger.database.execute(sql`INSERT INTO ledger VALUES (1, 0), (2, 0)`);
      const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
      const both = Promise.all(arrived.map(({ promise }) => promise));
      const one = (n: 0 | 1) =>
        ledger.database.transaction(
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
      assert.deepEqual(await ledger.database.query(sql`SELECT amount FROM ledger`), [
        { amount: 1 },
        { amount: 1 },
      ]);
    });

    test("a transaction that asks for it is run again after a deadlock", async () => {
      const outcomes = await deadlock(true, false);

      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "fulfilled"],
      );
      assert.deepEqual(await ledger.database.query(sql`SELECT amount FROM ledger`), [
        { amount: 2 },
        { amount: 2 },
      ]);
    });

    test("a transaction over its deadline is rolled back, and says so although its function hides it", async () => {
      await clear();

      const outcome = ledger.database.transaction(
        async (tx) => {
          await tx.execute(sql`INSERT INTO ledger VALUES (1, 1)`);
          await tx.query(sql`SELECT SLEEP(58)`).catch(() => undefined);
        },
        { statementMs: 200 },
      );

      await assert.rejects(outcome, { code: "DB_STATEMENT_TIMEOUT", retryable: false });
      assert.deepEqual(await ids(), []);
    });
  });
}
