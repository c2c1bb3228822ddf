import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import { SettableClock } from "@sealed/faults";
import type { ServerKind } from "@sealed/servers";
import { iamAuth, sql } from "../src/index.ts";
import type { Rig } from "./rig.ts";

/** Declares the tests of connections, tokens and statements on one kind of server. */
export function databaseSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`a database on ${kind}`, () => {
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    const issued = (): number => rig.events.filter(({ type }) => type === "credential.issued").length;
    const keyring = (users: string[]): Promise<void> => {
      const { credentials, port, region } = rig.server;
      return rig.server.writeKeyring([{ ...credentials, region, endpoint: `localhost:${port}`, users }]);
    };

    test("the first connection is verified TLS, logged in with a token, and observed as such", async () => {
      await using database = rig.open();

      await database.ready();
      const seen = await database.observe();

      assert.equal(seen.user, "app@%");
      assert.equal(seen.protocol, "TLSv1.3");
      assert.match(seen.cipher ?? "", /^TLS_AES_/);
      assert.ok(seen.group !== null && seen.group !== "prime256v1", String(seen.group));
      assert.equal(seen.authorized, true);
      assert.equal(seen.requiresSecureTransport, true);
      assert.equal(seen.userRequiresTls, true);
      assert.match(seen.peer.fingerprint256, /^[0-9a-f]{64}$/);
      assert.match(seen.peer.subject, /localhost/);
      assert.ok(seen.peer.daysLeft >= 0 && seen.peer.notAfter instanceof Date);
      assert.ok(seen.tokenAgeMs !== null && seen.tokenAgeMs >= 0 && seen.tokenAgeMs < 60_000);
      assert.ok(seen.serverVersion.startsWith(rig.server.version.split("-")[0] ?? "?"), seen.serverVersion);
    });

    test("observing tells of a server and a user that do not ask for TLS", async () => {
      await rig.server.adminQuery("SET GLOBAL require_secure_transport = OFF");
      await rig.server.adminQuery("ALTER USER app REQUIRE NONE");
      await using database = rig.open();

      const seen = await database.observe();
      await rig.server.adminQuery("ALTER USER app REQUIRE SSL");
      await rig.server.adminQuery("SET GLOBAL require_secure_transport = ON");

      assert.deepEqual([seen.requiresSecureTransport, seen.userRequiresTls], [false, false]);
    });

    test("a hundred calls at once on a cold pool take one signature and no more than ten connections", async () => {
      const before = issued();
      await using database = rig.open();

      const rows = await Promise.all(
        Array.from({ length: 100 }, (_, n) => database.query(sql`SELECT ${n} AS n`)),
      );

      assert.deepEqual(
        rows.map(([row]) => Number(row?.n)),
        Array.from({ length: 100 }, (_, n) => n),
      );
      assert.equal(issued() - before, 1);
      assert.ok(database.stats().opened <= 10);
    });

    test("later connections resume the TLS session, and their certificate is known all the same", async () => {
      await using database = rig.open();
      await database.ready();
      await Promise.all(Array.from({ length: 20 }, () => database.query(sql`SELECT SLEEP(0.02)`)));

      const observed = await Promise.all(Array.from({ length: 10 }, () => database.observe()));

      assert.ok((database.stats().resumedRatio ?? 0) > 0.5, inspect(database.stats()));
      assert.ok(observed.some(({ resumed }) => resumed));
      assert.equal(new Set(observed.map(({ peer }) => peer.fingerprint256)).size, 1);
    });

    test("a connection outlives its token, and the next one gets a new token", async () => {
      const clock = new SettableClock();
      const { credentials, region } = rig.server;
      const before = issued();
      const limits = { maxIdleMs: 86_400_000, maxAgeMs: 86_400_000, pingAfterIdleMs: 86_400_000 };
      await using database = rig.open({ clock, limits, auth: iamAuth({ region, credentials, clock }) });
      await database.ready();
      const [row] = await database.query(sql`SELECT CONNECTION_ID() AS id`);

      clock.skip(16 * 60_000);

      assert.deepEqual(await database.query(sql`SELECT CONNECTION_ID() AS id`), [row]);
      assert.ok(((await database.observe()).tokenAgeMs ?? 0) >= 16 * 60_000);
      assert.equal(issued() - before, 1);
      await Promise.all([database.query(sql`SELECT SLEEP(0.1)`), database.query(sql`SELECT SLEEP(0.1)`)]);
      assert.equal(database.stats().opened, 2);
      assert.equal(issued() - before, 2);
    });

    test("a user who is struck off keeps open connections, and a new login says what to check", async () => {
      await using database = rig.open();
      await database.ready();
      await keyring(["somebody-else"]);
      const before = issued();

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      await using late = rig.open();
      await assert.rejects(late.ready(), { code: "DB_ACCESS_DENIED", message: /rds-db:connect/ });
      // One for the login, none after its refusal: a token made a moment ago would be refused again.
      assert.equal(issued() - before, 1);
      await keyring(["app", "migrator"]);
      await late.ready({ signal: AbortSignal.timeout(30_000) });
    });

    test("a kept token that is refused is signed anew, once, and the login repeated", async () => {
      const { credentials, region } = rig.server;
      const auth = iamAuth({ region, credentials });
      await using first = rig.open({ auth });
      await first.ready();
      const before = issued();
      await keyring(["somebody-else"]);
      await using second = rig.open({ auth });

      await assert.rejects(second.ready(), { code: "DB_ACCESS_DENIED" });
      await keyring(["app", "migrator"]);

      assert.equal(issued() - before, 1);
      assert.equal(rig.events.filter(({ type }) => type === "credential.rejected").length > 0, true);
    });

    test("values come back as they went in", async () => {
      await using database = rig.open();
      await database.execute(sql`CREATE TABLE kinds (id INT AUTO_INCREMENT PRIMARY KEY, big BIGINT, day DATETIME(3),
        text VARCHAR(50) CHARACTER SET utf8mb4, bytes VARBINARY(9), yes BOOLEAN, money DECIMAL(10,2), nothing INT)`);
      const day = new Date("2026-06-30T23:59:59.123Z");
      const bytes = Buffer.from([0, 1, 255]);

      const written = await database.execute(
        sql`INSERT INTO kinds (big, day, text, bytes, yes, money, nothing)
            VALUES (${2n ** 62n}, ${day}, ${"naïve 🔒 ' \" \\"}, ${bytes}, ${true}, ${"12.30"}, ${null})`,
      );
      const [row] = await database.query(sql`SELECT * FROM kinds WHERE id = ${written.insertId}`);

      assert.deepEqual(written, { affectedRows: 1, insertId: 1 });
      assert.deepEqual(
        { ...row },
        {
          id: 1,
          big: String(2n ** 62n),
          day,
          text: "naïve 🔒 ' \" \\",
          bytes,
          yes: 1,
          money: "12.30",
          nothing: null,
        },
      );
      assert.deepEqual(await database.query(sql`SELECT id FROM kinds ORDER BY id LIMIT ${1} OFFSET ${0}`), [
        { id: 1 },
      ]);
    });

    test("dates are UTC whatever the server's zone is", async () => {
      await rig.server.adminQuery("SET GLOBAL time_zone = '+05:00'");
      await using database = rig.open();

      const zone = await database.query(sql`SELECT NOW() = UTC_TIMESTAMP() AS same`);
      await rig.server.adminQuery("SET GLOBAL time_zone = SYSTEM");

      assert.deepEqual(zone, [{ same: 1 }]);
    });

    test("a server with no connection left says so, and serves when one is free", async () => {
      const full = rig.open({ limits: { minWarm: 10 } });
      while (full.stats().open < 10) await new Promise((resolve) => setTimeout(resolve, 10));
      await rig.server.adminQuery("SET GLOBAL max_connections = 10");
      await using late = rig.open({ random: () => 0.1, limits: { acquireMs: 500 } });

      await assert.rejects(late.ready(), { code: "DB_TOO_MANY_CONNECTIONS", retryable: true });
      await full.close();
      await rig.server.adminQuery("SET GLOBAL max_connections = 100");

      assert.deepEqual(await late.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
    });

    test("a string is not a statement, however it is passed", async () => {
      await using database = rig.open();

      for (const text of ["SELECT 1", { text: "SELECT 1", values: [] }, undefined]) {
        await assert.rejects(database.query(text as never), { code: "DB_OPTIONS_INVALID" });
      }
    });

    test("an error of the server is told by its code, without the values", async () => {
      await using database = rig.open();
      await database.execute(sql`CREATE TABLE once (id INT PRIMARY KEY, name VARCHAR(5) NOT NULL)`);
      await database.execute(sql`INSERT INTO once VALUES (1, 'a')`);

      for (const [statement, code] of [
        [sql`INSERT INTO once VALUES (${1}, ${"b"})`, "DB_DUPLICATE"],
        [sql`INSERT INTO once VALUES (${2}, ${"longer than five"})`, "DB_INVALID_DATA"],
        [sql`INSERT INTO once VALUES (${2}, ${null})`, "DB_CONSTRAINT"],
        [sql`SELECT * FROM missing`, "DB_STATEMENT_INVALID"],
        [sql`SELEKT 1`, "DB_STATEMENT_INVALID"],
        [sql`CREATE DATABASE elsewhere`, "DB_ACCESS_DENIED"],
      ] as const) {
        await assert.rejects(database.execute(statement), { code, retryable: false }, statement.text);
      }
      assert.equal(database.stats().open, 1);
    });

    test("hundreds of different statements leave at most 256 prepared ones on a connection", async () => {
      await using database = rig.open({ limits: { connections: 1 } });
      const prepared = async (): Promise<number> => {
        const [row] = await rig.server.adminQuery("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
        return Number(row?.Value);
      };

      for (let n = 0; n < 600; n++) {
        const text = Object.assign([`SELECT 1 AS c${n}`], { raw: [] });
        await database.query(sql(text));
      }

      assert.ok((await prepared()) <= 256 + 10, String(await prepared()));
    });

    test("neither errors nor events nor the pool itself show a token or a key", () => {
      const shown = inspect(rig.events, { depth: 20 });

      assert.ok(issued() > 0);
      assert.doesNotMatch(shown, /X-Amz|Signature/);
      assert.ok(!shown.includes(rig.server.credentials.secretAccessKey));
    });
  });
}
