import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServerKind } from "@sealed/servers";
import { sql } from "../src/index.ts";
import { useLedger } from "./ledger.ts";
import type { Rig } from "./rig.ts";

/** Declares the tests of deadlines, of giving up and of closing on one kind of server. */
export function statementsSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`statements on ${kind}`, () => {
    const ledger = useLedger(shared);
    const { ids, clear, running, until } = ledger;

    test("a statement over its deadline fails, is killed on the server, and does not delay the next", async () => {
      await using single = ledger.rig.open({ limits: { connections: 1, statementMs: 300 } });

      await assert.rejects(single.query(sql`SELECT SLEEP(60)`), {
        code: "DB_STATEMENT_TIMEOUT",
        retryable: true,
      });
      assert.deepEqual(await single.query(sql`SELECT 1 AS one`), [{ one: 1 }]);

      await until(async () => (await running("SELECT SLEEP(60)")) === 0);
      await until(async () =>
        ledger.rig.events.some((event) => event.type === "statement.abandoned" && event.killed),
      );
      assert.equal(single.stats().open, 1);
    });

    test("a write over its deadline is not called retryable, unless its caller knows better", async () => {
      const slow = sql`UPDATE ledger SET amount = SLEEP(60)`;
      await clear();
      await ledger.database.execute(sql`INSERT INTO ledger VALUES (1, 0)`);

      await assert.rejects(ledger.database.execute(slow, { statementMs: 200 }), {
        code: "DB_STATEMENT_TIMEOUT",
        retryable: false,
      });
      await until(async () => (await running("UPDATE")) === 0);
      await assert.rejects(ledger.database.execute(slow, { statementMs: 200, repeatable: true }), {
        retryable: true,
      });
    });

    test("a statement whose caller gives up is killed on the server", async () => {
      const controller = new AbortController();
      const given = ledger.database.query(sql`SELECT SLEEP(59)`, { signal: controller.signal });
      await until(async () => (await running("SELECT SLEEP(59)")) === 1);

      controller.abort();

      await assert.rejects(given, { code: "DB_ABORTED" });
      await until(async () => (await running("SELECT SLEEP(59)")) === 0);
      // The connection that carried the KILL may still be on its way back.
      await until(async () => ledger.database.stats().leased === 0);
    });

    test("a caller who gives up at the last moment sends nothing, and the connection stays", async () => {
      await clear();
      await using single = ledger.rig.open({ limits: { connections: 1 } });
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
  });
}
