import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type FaultProxy, SettableResolver, until } from "@sealed/faults";
import { type Database, type Limits, sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection } from "./rejection.ts";

const HOSTS = ["127.0.0.2", "127.0.0.3"] as const;

/** Declares the tests of a name that moves to another host, and of a host that does not take writes. */
export function failoverSuite(shared: () => Rig): void {
  describe("failover", () => {
    const ledger = useLedger(shared);
    const { clear, ids } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    /** Two hosts at the same port, a name that stands for the first, and a pool to that name. */
    async function twoHosts(limits: Partial<Limits> = {}) {
      const stack = new AsyncDisposableStack();
      const resolver = new SettableResolver([HOSTS[0]]);
      const first = stack.use(await rig.proxy({ host: HOSTS[0] }));
      const second = stack.use(await rig.proxy({ host: HOSTS[1], port: first.port }));
      const database = stack.use(
        rig.open({
          endpoint: { host: "localhost", port: first.port },
          lookup: resolver.lookup,
          limits: { connections: 3, housekeepingMs: 50, ...limits },
        }),
      );
      return { resolver, first, second, database, [Symbol.asyncDispose]: () => stack.disposeAsync() };
    }
    const warm = (database: Database) =>
      Promise.all([1, 2, 3].map(() => database.query(sql`SELECT SLEEP(0.05)`)));
    const hosts = (first: FaultProxy, second: FaultProxy) => [first.open, second.open];

    test("when a name moves its idle connections move too, and a transaction may finish where it is", async () => {
      await clear();
      await using it = await twoHosts({ minWarm: 3 });
      await until(() => it.database.stats().idle === 3);
      assert.deepEqual(hosts(it.first, it.second), [3, 0]);
      const mayEnd = Promise.withResolvers<void>();
      const transaction = it.database.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO ledger VALUES (1, 1)`);
        await mayEnd.promise;
      });
      await until(() => it.database.stats().leased === 1);
      const dialed = it.first.accepted;

      it.resolver.addresses = [HOSTS[1]];
      await until(() => it.first.open === 1);
      assert.deepEqual(await it.database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      assert.ok(it.second.open > 0);
      mayEnd.resolve();
      await transaction;

      await until(() => it.first.open === 0);
      assert.equal(it.first.accepted, dialed);
      assert.deepEqual(await ids(), [1]);
      assert.ok(
        rig.events.some((event) => event.type === "connection.closed" && event.reason === "address-changed"),
      );
    });

    test("a host that falls silent is left as soon as its name moves, and no write is applied twice", async () => {
      await clear();
      await using it = await twoHosts({ statementMs: 400, pingMs: 200, connectMs: 400 });
      await warm(it.database);

      it.first.blackHole();
      const lost = await rejection(it.database.execute(sql`INSERT INTO ledger VALUES (1, 1)`));
      it.resolver.addresses = [HOSTS[1]];
      // Those that were idle are given up without a goodbye from the silent host.
      await until(() => it.second.open > 0 && it.database.stats().open === it.second.open);
      await it.database.execute(sql`INSERT INTO ledger VALUES (2, 2)`, { statementMs: 20_000 });

      assert.deepEqual([lost.code, lost.retryable], ["DB_STATEMENT_TIMEOUT", false]);
      assert.deepEqual(await ids(), [2]);
    });

    test("a name that answers with a part of its addresses each time does not move its connections for ever", async () => {
      await using it = await twoHosts({ housekeepingMs: 15 });
      const turn = setInterval(
        () => it.resolver.addresses.splice(0, 1, HOSTS[it.resolver.asked % 2] ?? ""),
        5,
      );
      try {
        await warm(it.database);
        const asked = it.resolver.asked;
        await until(() => it.resolver.asked > asked + 40);
        const { opened } = it.database.stats();
        await until(() => it.resolver.asked > asked + 60);

        assert.equal(it.database.stats().opened, opened);
      } finally {
        clearInterval(turn);
      }
    });

    test("while a name cannot be resolved open connections serve on, and new ones say why there are none", async () => {
      await using it = await twoHosts({ acquireMs: 300 });
      await it.database.ready();
      it.resolver.failure = Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });

      const mayEnd = Promise.withResolvers<void>();
      const held = it.database.transaction(async (tx) => {
        await mayEnd.promise;
        return await tx.query(sql`SELECT 1 AS one`);
      });
      await until(() => it.database.stats().leased === 1);
      const error = await rejection(it.database.query(sql`SELECT 2`));
      mayEnd.resolve();

      assert.deepEqual([error.code, error.retryable], ["DB_UNREACHABLE", true]);
      assert.deepEqual(await held, [{ one: 1 }]);
      it.resolver.failure = undefined;
      await Promise.all([1, 2].map(() => it.database.query(sql`SELECT SLEEP(0.05)`, { acquireMs: 20_000 })));
    });

    test("a server that turned read-only is left, and written to when it is writable again", async () => {
      await clear();
      await using database = rig.open({ limits: { connections: 3 } });
      await warm(database);
      const { opened } = database.stats();
      await rig.server.setReadOnly(true);

      const error = await rejection(database.execute(sql`INSERT INTO ledger VALUES (1, 1)`));
      // Those that were idle are given up as well: they lead to the same server.
      await until(() => database.stats().opened > opened && database.stats().open < 3);
      await rig.server.setReadOnly(false);

      assert.deepEqual([error.code, error.retryable], ["DB_READ_ONLY", true]);
      await database.execute(sql`INSERT INTO ledger VALUES (2, 2)`, { acquireMs: 20_000 });
      assert.deepEqual(await ids(), [2]);
      assert.ok(
        rig.events.some((event) => event.type === "connection.closed" && event.reason === "read-only"),
      );
    });
  });
}
