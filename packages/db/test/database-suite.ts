import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import type { ServerKind } from "@sealed/servers";
import { sql } from "../src/index.ts";
import type { Rig } from "./rig.ts";

/** TCP_ESTABLISHED and the keepalive timer, as /proc/net/tcp has them. */
const [ESTABLISHED, KEEPALIVE] = ["01", "02"];
/** Ticks a second in which the kernel tells times to programs. */
const USER_HZ = 100;

/**
 * Returns when the kernel probes the connection to `port`; undefined when it never does.
 * @see https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 */
function keepaliveMs(port: number): number | undefined {
  const remote = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => readFileSync(file, "utf8").split("\n"));
  for (const row of rows) {
    const [, , to = "", state, , timer = ""] = row.trim().split(/\s+/);
    const [kind, ticks = ""] = timer.split(":");
    if (!to.endsWith(`:${remote}`) || state !== ESTABLISHED || kind !== KEEPALIVE) continue;
    return (Number.parseInt(ticks, 16) / USER_HZ) * 1_000;
  }
  return undefined;
}

/** Declares the tests of connections, tokens and statements on one kind of server. */
export function databaseSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`a database on ${kind}`, () => {
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    const issued = (): number => rig.events.filter(({ type }) => type === "credential.issued").length;

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

    test("the kernel probes a silent connection after ten seconds, not after two hours", async () => {
      await using proxy = await rig.proxy();
      await using database = rig.open({ endpoint: { host: "localhost", port: proxy.port } });
      await database.ready();

      const probedInMs = keepaliveMs(proxy.port);

      assert.ok(probedInMs !== undefined && probedInMs <= 10_000, String(probedInMs));
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

    test("neither errors nor events nor the pool itself show a token or a key", () => {
      const shown = inspect(rig.events, { depth: 20 });

      assert.ok(issued() > 0);
      assert.doesNotMatch(shown, /X-Amz|Signature/);
      assert.ok(!shown.includes(rig.server.credentials.secretAccessKey));
    });
  });
}
