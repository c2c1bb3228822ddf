import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { before, describe, type TestContext, test } from "node:test";
import { type FaultProxy, until } from "@sealed/faults";
import { type Database, type Limits, sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection } from "./rejection.ts";

/** Bytes of a server's greeting and its first answers: a login that got no further is in its TLS handshake. */
const WITHIN_HANDSHAKE_BYTES = 400;

/** Declares the tests of callers who give up, at each stage of a call. */
export function givingUpSuite(shared: () => Rig): void {
  describe("giving up", () => {
    const ledger = useLedger(shared);
    const { clear, ids, running } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });
    const through = (proxy: FaultProxy, limits: Partial<Limits> = {}): Database =>
      rig.open({ endpoint: { host: "localhost", port: proxy.port }, limits });

    /** Gives a call up once `stage` has come; the call must be told so, and the counters must balance again. */
    async function giveUp(
      t: TestContext,
      database: Database,
      call: (signal: AbortSignal) => Promise<unknown>,
      stage: () => boolean | Promise<boolean>,
    ): Promise<void> {
      const controller = new AbortController();
      const refused = rejection(call(controller.signal));
      await until(stage);
      const startedAtMs = performance.now();

      controller.abort();

      assert.equal((await refused).code, "DB_ABORTED");
      t.diagnostic(`told after ${(performance.now() - startedAtMs).toFixed(1)} ms`);
      await until(() => database.stats().waiting === 0);
    }
    const balanced = (database: Database) =>
      until(() => {
        const { dialing, idle, leased, open, waiting } = database.stats();
        return leased === 0 && waiting === 0 && dialing === 0 && open === idle;
      });

    test("a caller who gives up in the queue leaves it, and the one behind is served", async (t) => {
      await using database = rig.open({ limits: { connections: 1 } });
      await database.ready();
      const held = database.query(sql`SELECT SLEEP(0.3)`);

      await giveUp(
        t,
        database,
        (signal) => database.query(sql`SELECT 1`, { signal }),
        () => database.stats().waiting === 1,
      );
      const behind = database.query(sql`SELECT 2 AS two`);

      await held;
      assert.deepEqual(await behind, [{ two: 2 }]);
      await balanced(database);
      assert.equal(database.stats().opened, 1);
    });

    for (const [stage, afterBytes] of [
      ["while its connection is dialed", 0],
      ["during the TLS handshake", WITHIN_HANDSHAKE_BYTES],
    ] as const) {
      test(`a caller who gives up ${stage} is told at once, and the login ends by itself`, async (t) => {
        await using proxy = await rig.proxy();
        proxy.cut("toClient", { afterBytes, by: "silence" });
        await using database = through(proxy, { connectMs: 500, minWarm: 0 });

        await giveUp(
          t,
          database,
          (signal) => database.query(sql`SELECT 1`, { signal }),
          () => proxy.accepted === 1 && proxy.passed.toClient === afterBytes,
        );
        await balanced(database);
        await proxy.heal();
        assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      });
    }

    test("a caller who gives up while the statement runs has it killed on the server", async (t) => {
      await using database = rig.open({ limits: { connections: 2 } });

      await giveUp(
        t,
        database,
        (signal) => database.query(sql`SELECT SLEEP(56)`, { signal }),
        async () => (await running("SELECT SLEEP(56)")) === 1,
      );

      await until(async () => (await running("SELECT SLEEP(56)")) === 0);
      await balanced(database);
    });

    test("a caller who gives up while rows arrive gets none, and their connection is closed", async (t) => {
      await using proxy = await rig.proxy();
      await using database = through(proxy, { connections: 1 });
      await database.ready();
      proxy.limit(50_000, "toClient");
      const before = proxy.passed.toClient;

      await giveUp(
        t,
        database,
        (signal) => database.query(sql`SELECT REPEAT('x', 1000000) AS text`, { signal }),
        () => proxy.passed.toClient > before + 5_000,
      );
      await proxy.heal();

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      await balanced(database);
      assert.ok(database.stats().opened >= 2);
    });

    test("a transaction that is given up is rolled back", async (t) => {
      await clear();
      await using database = rig.open({ limits: { connections: 2 } });

      await giveUp(
        t,
        database,
        (signal) =>
          database.transaction(
            async (tx) => {
              await tx.execute(sql`INSERT INTO ledger VALUES (1, 1)`);
              await tx.query(sql`SELECT SLEEP(55)`);
            },
            { signal },
          ),
        async () => (await running("SELECT SLEEP(55)")) === 1,
      );

      await until(async () => (await running("SELECT SLEEP(55)")) === 0);
      assert.deepEqual(await ids(), []);
      await balanced(database);
    });
  });
}
