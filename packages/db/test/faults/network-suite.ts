import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Direction, type FaultProxy, until } from "@sealed/faults";
import type { Database, DbErrorCode, DbEvent, Limits } from "../../src/index.ts";
import { sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection, rejections } from "./rejection.ts";

/** Bounds that a silent network reaches soon. */
const SHORT = { statementMs: 300, pingMs: 300, acquireMs: 600, connectMs: 1_500 };
const PATIENT = { acquireMs: 20_000, statementMs: 20_000 };
const SILENCE: readonly DbErrorCode[] = ["DB_STATEMENT_TIMEOUT", "DB_UNREACHABLE", "DB_POOL_TIMEOUT"];
/** Points at which a login is cut, spread over its bytes. */
const CUTS = 10;

/** Returns the number of sockets that this process holds. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

/** Declares the tests of a network that delays, loses, forgets, resets and cuts. */
export function networkSuite(shared: () => Rig): void {
  describe("the network", () => {
    const ledger = useLedger(shared);
    const { clear, ids } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });
    const through = (proxy: FaultProxy, limits: Partial<Limits> = {}): Database =>
      rig.open({ endpoint: { host: "localhost", port: proxy.port }, limits });

    for (const [what, direction] of [
      ["swallows everything", undefined],
      ["swallows what the client says", "toServer"],
      ["swallows what the server says", "toClient"],
    ] as const) {
      test(`a network that ${what} fails statements at their deadline, and healed it serves again`, async () => {
        await using proxy = await rig.proxy();
        await using database = through(proxy, SHORT);
        await database.query(sql`SELECT 1`, PATIENT);

        proxy.blackHole(direction);
        const codes = await rejections([1, 2, 3, 4].map(() => database.query(sql`SELECT 1`)));
        await proxy.heal();

        for (const code of codes) assert.ok(SILENCE.includes(code), code);
        assert.deepEqual(await database.query(sql`SELECT 1 AS one`, PATIENT), [{ one: 1 }]);
        // No socket is left behind, here or on the way.
        await until(() => database.stats().dialing === 0 && proxy.open === database.stats().open);
      });
    }

    test("a connection that is given up in silence keeps no socket of this process", async () => {
      await using proxy = await rig.proxy();
      await using database = through(proxy, { ...SHORT, minWarm: 0 });
      await database.query(sql`SELECT 1`, PATIENT);
      // The proxy holds two for each connection, and goes on to hold them.
      const ours = () => openSockets() - 2 * proxy.open;
      const before = ours();

      proxy.blackHole();
      await rejection(database.query(sql`SELECT 1`));

      await until(() => ours() === before - 1 && database.stats().dialing === 0);
      assert.equal(database.stats().open, 0);
    });

    for (const [direction, applied] of [
      ["toServer", []],
      ["toClient", [1]],
    ] as const) {
      test(`a write that is lost on its way ${direction} is not called retryable, and is not repeated`, async () => {
        await clear();
        await using proxy = await rig.proxy();
        await using database = through(proxy, SHORT);
        const write = (id: number, bounds = {}) =>
          database.execute(sql`INSERT INTO ledger VALUES (${id}, 1)`, bounds);
        // From now on it is prepared, and one packet carries it out.
        await write(0, PATIENT);

        proxy.blackHole(direction);
        const error = await rejection(write(1));
        if (direction === "toClient") await until(async () => (await ids()).length === 2);

        assert.deepEqual([error.code, error.retryable], ["DB_STATEMENT_TIMEOUT", false]);
        assert.deepEqual(await ids(), [0, ...applied]);
      });
    }

    test("connections that a firewall has forgotten are replaced before use, and the caller sees nothing", async () => {
      await using proxy = await rig.proxy();
      await using database = through(proxy, { pingAfterIdleMs: 0, pingMs: 200, connections: 2 });
      await Promise.all([database.query(sql`SELECT SLEEP(0.1)`), database.query(sql`SELECT SLEEP(0.1)`)]);

      proxy.forgetOpen();

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      assert.ok(
        rig.events.some((event) => event.type === "connection.closed" && event.reason === "ping-failed"),
      );
    });

    test("a statement whose connection is reset fails as lost, and the next one is served", async () => {
      await using proxy = await rig.proxy();
      await using database = through(proxy);
      await database.ready();
      const cut = rejection(database.query(sql`SELECT SLEEP(2)`));
      await until(async () => (await ledger.running("SELECT SLEEP(2)")) === 1);

      proxy.reset();

      const error = await cut;
      assert.deepEqual([error.code, error.retryable], ["DB_CONNECTION_LOST", true]);
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
    });

    test("an answer that is cut at any byte is an error, never a part of the rows", async () => {
      await using proxy = await rig.proxy();
      await using database = through(proxy, { connections: 1, minWarm: 0 });
      const rows = () =>
        database.query(sql`SELECT REPEAT('x', 500) AS text UNION ALL SELECT REPEAT('y', 500)`, PATIENT);
      assert.equal((await rows()).length, 2);

      for (const afterBytes of [0, 1, 100, 400, 700, 1_000]) {
        proxy.cut("toClient", { afterBytes });
        assert.equal((await rejection(rows())).code, "DB_CONNECTION_LOST");
        await proxy.heal();
        assert.equal((await rows()).length, 2);
      }
    });

    test("a slow and thin network costs time, and no errors", async () => {
      await using proxy = await rig.proxy();
      proxy.delay(20);
      proxy.limit(100_000);
      await using database = through(proxy, { connections: 3 });

      const [texts] = await Promise.all([
        database.query<{ text: string }>(sql`SELECT REPEAT('x', 20000) AS text`),
        ...[1, 2, 3, 4].map((n) => database.query(sql`SELECT ${n} AS n`)),
      ]);

      assert.equal(texts[0]?.text.length, 20_000);
    });

    for (const [by, codes] of [
      ["end", ["DB_CONNECTION_LOST"]],
      ["reset", ["DB_CONNECTION_LOST"]],
    ] as const) {
      test(`a login that is cut with ${by} at any byte fails as lost, and leaves nothing behind`, async () => {
        await using proxy = await rig.proxy();
        const whole = await bytesOfLogin(proxy);

        for (const direction of ["toServer", "toClient"] as const) {
          for (let part = 0; part < CUTS; part++) {
            proxy.cut(direction, { afterBytes: Math.floor((whole[direction] * part) / CUTS), by });
            const code = await failedLogin(proxy);
            assert.ok((codes as readonly string[]).includes(code), `${direction} ${part}/${CUTS}: ${code}`);
            await proxy.heal();
          }
        }
        await until(() => proxy.open === 0);
      });
    }

    test("a login in which the server falls silent ends at its deadline", async () => {
      await using proxy = await rig.proxy();
      const whole = await bytesOfLogin(proxy);

      for (const part of [0, 0.3, 0.6, 0.9]) {
        proxy.cut("toClient", { afterBytes: Math.floor(whole.toClient * part), by: "silence" });
        assert.equal(await failedLogin(proxy, { connectMs: 300 }), "DB_UNREACHABLE");
        await proxy.heal();
      }
    });

    /** Returns how many bytes a login takes in each direction. */
    async function bytesOfLogin(proxy: FaultProxy): Promise<Record<Direction, number>> {
      const before = { ...proxy.passed };
      await using database = through(proxy);
      await database.ready();
      return {
        toServer: proxy.passed.toServer - before.toServer,
        toClient: proxy.passed.toClient - before.toClient,
      };
    }

    /** Returns the code of the first login that fails. */
    async function failedLogin(proxy: FaultProxy, limits: Partial<Limits> = {}): Promise<DbErrorCode> {
      const failed = Promise.withResolvers<DbErrorCode>();
      await using database = rig.open({
        endpoint: { host: "localhost", port: proxy.port },
        limits: { acquireMs: 20_000, ...limits },
        on: (event: DbEvent) => {
          if (event.type === "connection.failed") failed.resolve(event.code);
        },
      });
      const served = database.ready();
      // A cut beyond the login's last byte would let it succeed: then this says so.
      const code = await Promise.race([failed.promise, served.then(() => "none" as DbErrorCode)]);
      await database.close({ within: 0 });
      await served.catch(() => undefined);
      return code;
    }
  });
}
