import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { until } from "@sealed/faults";
import { sql } from "../../src/index.ts";
import type { Rig } from "../rig.ts";
import { rejections } from "./rejection.ts";

/** Logins that the gate's bucket holds and refills: 20, and 20 a second. */
const BUCKET = 20;

/** Declares the tests of too many callers, connections and statements, and of a port where nobody answers. */
export function exhaustionSuite(shared: () => Rig): void {
  describe("exhaustion", () => {
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    test("callers beyond the pool wait their turn, then get DB_POOL_TIMEOUT or DB_POOL_OVERLOADED", async () => {
      await using small = rig.open({ limits: { connections: 1, queue: 1, acquireMs: 300 } });
      await small.ready();
      const slow = small.query(sql`SELECT SLEEP(1) AS slept`);

      const late = small.query(sql`SELECT 1`);
      const last = small.query(sql`SELECT 1`);

      await assert.rejects(last, { code: "DB_POOL_OVERLOADED", retryable: true });
      await assert.rejects(late, { code: "DB_POOL_TIMEOUT", retryable: true });
      assert.deepEqual(await slow, [{ slept: 0 }]);
      assert.deepEqual(await small.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      assert.equal(small.stats().opened, 1);
    });

    test("a server with no connection left says so after few logins, and serves when one is free", async () => {
      const full = rig.open({ limits: { minWarm: 10 } });
      await until(() => full.stats().open === 10);
      await rig.server.adminQuery("SET GLOBAL max_connections = 10");
      await using late = rig.open({ random: () => 0.1, limits: { acquireMs: 500 } });
      const startedAtMs = performance.now();

      const codes = await rejections([1, 2, 3, 4].map((n) => late.query(sql`SELECT ${n}`)));
      const { failed } = late.stats();
      const seconds = (performance.now() - startedAtMs) / 1_000;
      await full.close();
      await rig.server.adminQuery("SET GLOBAL max_connections = 100");

      assert.deepEqual([...new Set(codes)], ["DB_TOO_MANY_CONNECTIONS"]);
      assert.ok(failed <= BUCKET * (1 + seconds), `${failed} logins in ${seconds} s`);
      assert.deepEqual(await late.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
    });

    test("a pool that has some connections serves on with them when the server has no more", async () => {
      await using database = rig.open({ limits: { connections: 6, minWarm: 2 }, random: () => 0.5 });
      await until(() => database.stats().open === 2);
      // MySQL and MariaDB keep one place beyond the limit, for an administrator.
      await rig.server.adminQuery("SET GLOBAL max_connections = 10");
      await using rest = rig.open({ limits: { connections: 10, minWarm: 10 } });
      await until(() => rest.stats().failed > 0);

      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, n) => database.query(sql`SELECT ${n} AS n`)),
      );
      await rest.close();
      await rig.server.adminQuery("SET GLOBAL max_connections = 100");

      assert.equal(outcomes.length, 30);
      assert.ok(database.stats().open >= 2);
    });

    test("a port where nothing listens costs few logins, whoever waits, and is used again when it answers", async () => {
      await using proxy = await rig.proxy();
      proxy.refuse();
      await using database = rig.open({
        endpoint: { host: "localhost", port: proxy.port },
        limits: { acquireMs: 600 },
      });
      const startedAtMs = performance.now();

      const codes = await rejections(Array.from({ length: 20 }, (_, n) => database.query(sql`SELECT ${n}`)));
      const { failed } = database.stats();
      const seconds = (performance.now() - startedAtMs) / 1_000;
      await proxy.heal();

      assert.deepEqual([...new Set(codes)], ["DB_CONNECTION_REFUSED"]);
      assert.ok(failed <= BUCKET * (1 + seconds), `${failed} logins in ${seconds} s`);
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
    });

    test("more different statements than the server may prepare cause no error", async () => {
      await rig.server.adminQuery("SET GLOBAL max_prepared_stmt_count = 300");
      await using database = rig.open({ limits: { connections: 1 } });

      for (let n = 0; n < 600; n++) {
        const text = Object.assign([`SELECT 1 AS c${n}`], { raw: [] });
        await database.query(sql(text));
      }
      const [row] = await rig.server.adminQuery("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
      await rig.server.adminQuery("SET GLOBAL max_prepared_stmt_count = 16382");

      assert.ok(Number(row?.Value) <= 256 + 10, String(row?.Value));
    });
  });
}
