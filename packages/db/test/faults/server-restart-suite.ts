import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { until } from "@sealed/faults";
import { type Database, sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection, rejections } from "./rejection.ts";

const PATIENT = { acquireMs: 20_000, statementMs: 20_000 };

/** Declares the tests of a server that ends connections, dies, is restarted or freezes. */
export function serverRestartSuite(shared: () => Rig): void {
  describe("server restart", () => {
    const ledger = useLedger(shared);
    const { clear, running } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    test("an idle connection that the server has closed is replaced, and the caller sees nothing", async () => {
      await using database = rig.open({ limits: { connections: 1 } });
      const [row] = await database.query<{ id: number }>(sql`SELECT CONNECTION_ID() AS id`);

      await rig.server.adminQuery(`KILL ${row?.id}`);
      await until(() => database.stats().opened === 2);

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
    });

    test("an idle connection that the server gives up after its own time is replaced, too", async () => {
      await rig.server.adminQuery("SET GLOBAL wait_timeout = 1");
      await using database = rig.open({ limits: { connections: 1 } });
      await database.ready();

      await until(() => database.stats().opened >= 2);
      await rig.server.adminQuery("SET GLOBAL wait_timeout = 28800");

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
    });

    /** Leaves the server down and comes back; the pool must have kept its size and its users. */
    async function comesBack(database: Database): Promise<void> {
      const down = await rejection(database.query(sql`SELECT 1`, { acquireMs: 200 }));
      assert.ok(["DB_CONNECTION_REFUSED", "DB_CONNECTION_LOST"].includes(down.code), down.code);
      assert.equal(down.retryable, true);
      await rig.server.restart();
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, PATIENT), [{ one: 1 }]);
      await until(() => database.stats().open === 3);
    }

    test("after a crash and a restart the same pool works again, and only what was under way has failed", async () => {
      await using database = rig.open({ limits: { minWarm: 3, connections: 3 } });
      await until(() => database.stats().open === 3);
      const cut = rejection(database.query(sql`SELECT SLEEP(30)`));
      await until(() => database.stats().leased === 1);

      await rig.server.kill();

      const { code, retryable } = await cut;
      assert.deepEqual([code, retryable], ["DB_CONNECTION_LOST", true]);
      await comesBack(database);
    });

    test("after an orderly stop and a restart the same pool works again, and the write under way is undone", async () => {
      await clear();
      await ledger.database.execute(sql`INSERT INTO ledger VALUES (1, 0)`);
      await using database = rig.open({ limits: { minWarm: 3, connections: 3 } });
      await until(() => database.stats().open === 3);
      const cut = rejection(database.execute(sql`UPDATE ledger SET amount = 1 + SLEEP(30)`));
      await until(async () => (await running("UPDATE ledger")) === 1);

      await rig.server.stop();

      const { code, retryable } = await cut;
      assert.ok(["DB_CONNECTION_LOST", "DB_STATEMENT_KILLED"].includes(code), code);
      assert.equal(retryable, false);
      await comesBack(database);
      assert.deepEqual(await database.query(sql`SELECT amount FROM ledger`), [{ amount: 0 }]);
    });

    test("a frozen server fails statements at their deadline, and thawed it serves again", async () => {
      await using database = rig.open({
        limits: { statementMs: 300, pingMs: 300, acquireMs: 500, connectMs: 1_500 },
      });
      await database.query(sql`SELECT 1`, PATIENT);

      await rig.server.pause();
      const codes = await rejections([1, 2, 3].map(() => database.query(sql`SELECT 1`)));
      rig.server.resume();

      for (const code of codes) {
        assert.ok(["DB_STATEMENT_TIMEOUT", "DB_UNREACHABLE", "DB_POOL_TIMEOUT"].includes(code), code);
      }
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, PATIENT), [{ one: 1 }]);
      await until(() => database.stats().dialing === 0 && database.stats().leased === 0);
    });
  });
}
