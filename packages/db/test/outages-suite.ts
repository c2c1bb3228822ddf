import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { privateCa, type ServerKind } from "@sealed/servers";
import { DbError, privateTrust, sql } from "../src/index.ts";
import { type Rig, startRig } from "./rig.ts";

/** Declares the tests of a server that goes away, comes back, or comes back as another. */
export function outagesSuite(kind: ServerKind): void {
  describe(`outages of ${kind}`, () => {
    let rig: Rig;
    let folder: string;
    before(async () => {
      rig = await startRig(kind);
      folder = await mkdtemp(join(tmpdir(), "sealed-next-ca-"));
    });
    after(async () => {
      await rig[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    test("an idle connection that the server has closed is replaced, and the caller sees nothing", async () => {
      await using database = rig.open({ limits: { connections: 1 } });
      const [row] = await database.query<{ id: number }>(sql`SELECT CONNECTION_ID() AS id`);

      await rig.server.adminQuery(`KILL ${row?.id}`);
      while (database.stats().opened < 2) await new Promise((resolve) => setTimeout(resolve, 10));

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
    });

    test("after a crash and a restart the same pool works again, and only what was under way has failed", async () => {
      await using database = rig.open();
      await database.ready();
      const cut = database.query(sql`SELECT SLEEP(30)`).catch((error: unknown) => error);
      while (database.stats().leased === 0) await new Promise((resolve) => setTimeout(resolve, 10));

      await rig.server.kill();

      const lost = await cut;
      assert.ok(lost instanceof DbError);
      assert.deepEqual([lost.code, lost.retryable], ["DB_CONNECTION_LOST", true]);
      const down = await database.query(sql`SELECT 1`, { acquireMs: 200 }).catch((error: unknown) => error);
      assert.ok(down instanceof DbError);
      assert.ok(["DB_CONNECTION_REFUSED", "DB_CONNECTION_LOST"].includes(down.code), down.code);
      assert.equal(down.retryable, true);
      await rig.server.restart();
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
    });

    test("a frozen server fails statements at their deadline, and thawed it serves again", async () => {
      await using database = rig.open({
        limits: { statementMs: 300, pingMs: 300, acquireMs: 500, connectMs: 500 },
      });
      await database.ready();
      rig.server.pause();
      const frozen = await Promise.allSettled([1, 2, 3].map(() => database.query(sql`SELECT 1`)));
      rig.server.resume();

      assert.ok(frozen.every(({ status }) => status === "rejected"));
      const codes = new Set(frozen.map((outcome) => (outcome as PromiseRejectedResult).reason.code));
      for (const code of codes) {
        assert.ok(["DB_STATEMENT_TIMEOUT", "DB_UNREACHABLE", "DB_POOL_TIMEOUT"].includes(code), code);
      }
      assert.deepEqual(
        await database.query(sql`SELECT 1 AS one`, { acquireMs: 20_000, statementMs: 10_000 }),
        [{ one: 1 }],
      );
    });

    test("a server that turned read-only is left, and written to when it is writable again", async () => {
      await using database = rig.open();
      await database.execute(sql`CREATE TABLE IF NOT EXISTS writes (id INT)`);
      const [first] = await database.query(sql`SELECT CONNECTION_ID() AS id`);
      await rig.server.adminQuery("SET GLOBAL read_only = ON");

      await assert.rejects(database.execute(sql`INSERT INTO writes VALUES (1)`), {
        code: "DB_READ_ONLY",
        retryable: true,
      });
      await rig.server.adminQuery("SET GLOBAL read_only = OFF");

      await database.execute(sql`INSERT INTO writes VALUES (2)`, { acquireMs: 20_000 });
      assert.notDeepEqual(await database.query(sql`SELECT CONNECTION_ID() AS id`), [first]);
      assert.deepEqual(await database.query(sql`SELECT id FROM writes`), [{ id: 2 }]);
      assert.ok(
        rig.events.some((event) => event.type === "connection.closed" && event.reason === "read-only"),
      );
    });

    test("a server under another CA is refused until the roots are reloaded, without a new pool", async () => {
      const next = await privateCa({ dir: folder, name: "next CA" });
      const trust = privateTrust({ pem: readFileSync(rig.server.caFile, "utf8") });
      await using database = rig.open({ trust, random: () => 0.1 });
      await database.ready();

      await rig.server.restart({ certificate: await next.issue() });
      await assert.rejects(database.query(sql`SELECT 1`, { acquireMs: 20_000 }), {
        code: "DB_UNTRUSTED_CERTIFICATE",
      });
      trust.reload(`${readFileSync(rig.server.caFile, "utf8")}\n${next.certificatePem}`);

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
      assert.equal((await database.observe()).authorized, true);
    });
  });
}
