import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type FaultProxy, until } from "@sealed/faults";
import { type Database, type Limits, sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection } from "./rejection.ts";

/** Declares the tests of transactions whose connection or server fails on the way. */
export function transactionsSuite(shared: () => Rig): void {
  describe("transactions", () => {
    const ledger = useLedger(shared);
    const { clear, ids, running } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });
    const through = (proxy: FaultProxy, limits: Partial<Limits> = {}): Database =>
      rig.open({ endpoint: { host: "localhost", port: proxy.port }, limits });

    for (const [what, lose, left] of [
      ["the answer to COMMIT is lost", (proxy: FaultProxy) => proxy.cut("toClient"), [7]],
      ["the answer to COMMIT is reset", (proxy: FaultProxy) => proxy.cut("toClient", { by: "reset" }), [7]],
      ["COMMIT itself is lost", (proxy: FaultProxy) => proxy.cut("toServer"), []],
      ["COMMIT is swallowed", (proxy: FaultProxy) => proxy.forgetOpen(), []],
    ] as const) {
      test(`where ${what} the outcome is reported as unknown, and nothing is repeated`, async () => {
        await clear();
        await using proxy = await rig.proxy();
        await using database = through(proxy);
        let runs = 0;

        const outcome = database.transaction(
          async (tx) => {
            runs += 1;
            await tx.execute(sql`INSERT INTO ledger VALUES (7, 7)`);
            lose(proxy);
          },
          { retry: "deadlock", statementMs: 500 },
        );

        const { code, retryable } = await rejection(outcome);
        assert.deepEqual([code, retryable], ["DB_COMMIT_UNKNOWN", false]);
        assert.equal(runs, 1);
        assert.deepEqual(await ids(), left);
        assert.ok(rig.events.some(({ type }) => type === "transaction.commit_unknown"));
        await proxy.heal();
        await database.ready({ signal: AbortSignal.timeout(30_000) });
      });
    }

    test("a lost connection before COMMIT is not called unknown", async () => {
      await clear();
      const outcome = ledger.database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (8, 8)`);
        const [row] = await tx.query<{ id: number }>(sql`SELECT CONNECTION_ID() AS id`);
        await rig.server.adminQuery(`KILL ${row?.id}`);
        await until(async () => ledger.database.stats().leased === 0 || (await running("x")) === 0);
        await tx.query(sql`SELECT 1`).catch(() => undefined);
      });

      assert.equal((await rejection(outcome)).code, "DB_CONNECTION_LOST");
      assert.deepEqual(await ids(), []);
    });

    test("where ROLLBACK gets no answer the connection is destroyed, and the next borrower's is clean", async () => {
      await clear();
      await using proxy = await rig.proxy();
      await using database = through(proxy, { connections: 1, minWarm: 0 });
      const broken = new Error("changed my mind");

      const outcome = database.transaction(
        async (tx) => {
          await tx.execute(sql`INSERT INTO ledger VALUES (9, 9)`);
          proxy.blackHole();
          throw broken;
        },
        { statementMs: 300 },
      );

      // The caller's own error: the failed ROLLBACK adds nothing to it.
      await assert.rejects(outcome, broken);
      assert.equal(database.stats().leased, 0);
      await proxy.heal();
      await database.execute(sql`INSERT INTO ledger VALUES (10, 10)`);
      assert.equal(database.stats().opened, 2);
      await until(async () => (await ids()).join() === "10");
    });

    test("a server that has turned read-only in a transaction ends it, and its connection", async () => {
      await clear();
      await using database = rig.open({ limits: { connections: 1 } });
      await database.ready();
      await rig.server.setReadOnly(true);

      const outcome = database.transaction((tx) => tx.execute(sql`INSERT INTO ledger VALUES (11, 11)`));
      const { code, retryable } = await rejection(outcome);
      await rig.server.setReadOnly(false);

      assert.deepEqual([code, retryable], ["DB_READ_ONLY", true]);
      await database.transaction((tx) => tx.execute(sql`INSERT INTO ledger VALUES (12, 12)`));
      assert.deepEqual(await ids(), [12]);
      assert.equal(database.stats().opened, 2);
    });
  });
}
