import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import type { ServerKind } from "@sealed/servers";
import { createUsers, prepareDatabase, runMigrations } from "../src/admin/index.ts";
import { DbError } from "../src/index.ts";
import type { Rig } from "./rig.ts";
import { NOTES, useSchemas } from "./schemas.ts";

/** Declares the tests of the migrations that `./admin` runs, on one kind of server. */
export function migrationsSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`migrations on ${kind}`, () => {
    const schemas = useSchemas(shared, "migrations");
    const { fresh, folderWith } = schemas;

    test("runs migrations once when two programs start at the same time", async () => {
      const options = await fresh({
        "0001-a.sql": "CREATE TABLE a (id INT); INSERT INTO a VALUES (1); SELECT SLEEP(0.3);",
        "0002-b.sql": "INSERT INTO a VALUES (2);",
      });

      const outcomes = await Promise.all([
        prepareDatabase(options),
        prepareDatabase(options),
        prepareDatabase(options),
      ]);

      const applied = outcomes.flatMap((outcome) => outcome.applied);
      assert.deepEqual(applied, ["0001-a.sql", "0002-b.sql"]);
      assert.deepEqual(
        await schemas.rig.server.adminQuery(`SELECT id FROM ${options.database}.a ORDER BY id`),
        [{ id: 1 }, { id: 2 }],
      );
      assert.ok(options.events.some((event) => event.type === "lock.waiting"));
    });

    test("stops at a failing migration with its name and statement, and shows no value of it", async () => {
      const options = await fresh({
        ...NOTES,
        "0002-bad.sql":
          "-- don't\nINSERT INTO notes VALUES (1, 'canary-value');\nINSERT INTO notes VALUES (1, 'canary-value');",
        "0003-later.sql": "CREATE TABLE later (id INT);",
      });

      const error = await prepareDatabase(options).catch((caught: unknown) => caught);

      assert.ok(error instanceof DbError, inspect(error));
      assert.equal(error.code, "DB_MIGRATION_FAILED");
      assert.match(
        error.message,
        /"0002-bad\.sql" failed at statement 2 of 2 .*INSERT INTO notes VALUES \(1, \?\)/,
      );
      assert.doesNotMatch(error.message, /canary/);
      const tables = await schemas.rig.server.adminQuery(`SHOW TABLES FROM ${options.database} LIKE 'later'`);
      assert.deepEqual(tables, []);
    });

    test("applies a file that moves rows once, although the note that it was could not be made at first", async () => {
      const options = await fresh({ "0001-a.sql": "CREATE TABLE a (id INT);" });
      await prepareDatabase(options);
      await writeFile(
        join(options.migrations, "0002-rows.sql"),
        "INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);",
      );
      const { adminQuery } = schemas.rig.server;
      const trigger = `${options.database}.refused`;
      await adminQuery(
        `CREATE TRIGGER ${trigger} BEFORE INSERT ON ${options.database}.schema_migrations
         FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'as told'`,
      );

      await assert.rejects(prepareDatabase(options), { code: "DB_STATEMENT_FAILED" });
      await adminQuery(`DROP TRIGGER ${trigger}`);

      assert.deepEqual((await prepareDatabase(options)).applied, ["0002-rows.sql"]);
      const rows = await adminQuery(`SELECT id FROM ${options.database}.a ORDER BY id`);
      assert.deepEqual(rows, [{ id: 1 }, { id: 2 }]);
    });

    test("keeps of a failed file what CREATE and ALTER have committed, and no row that came after", async () => {
      const options = await fresh({ "0001-a.sql": "CREATE TABLE a (id INT);" });
      await prepareDatabase(options);
      const file = join(options.migrations, "0002-more.sql");
      await writeFile(file, "CREATE TABLE b (id INT); INSERT INTO b VALUES (1); INSERT INTO b VALUES ('x');");
      const message = /3 of 3 \(what a CREATE, ALTER or DROP among them has committed stays applied\)/;
      await assert.rejects(prepareDatabase(options), { code: "DB_MIGRATION_FAILED", message });
      const { adminQuery } = schemas.rig.server;
      assert.deepEqual(await adminQuery(`SELECT id FROM ${options.database}.b`), []);
      await writeFile(file, "INSERT INTO a VALUES (1); ALTER TABLE absent ADD n INT;");

      await assert.rejects(prepareDatabase(options), {
        code: "DB_MIGRATION_FAILED",
        message: /2 of 2 \(what a/,
      });
      assert.deepEqual(await adminQuery(`SELECT id FROM ${options.database}.a`), [{ id: 1 }]);
    });

    test("runs files that say themselves how they are isolated and committed", async () => {
      const options = await fresh({
        "0001-a.sql": "CREATE TABLE a (id INT);",
        "0002-isolated.sql": "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; INSERT INTO a VALUES (1);",
        "0003-committed.sql": "START TRANSACTION; INSERT INTO a VALUES (2); COMMIT; SET autocommit = 1;",
        "0004-rows.sql": "INSERT INTO a VALUES (3);",
      });

      const { applied } = await prepareDatabase(options);

      assert.equal(applied.length, 4);
      assert.deepEqual((await prepareDatabase(options)).applied, []);
      const rows = await schemas.rig.server.adminQuery(`SELECT id FROM ${options.database}.a ORDER BY id`);
      assert.deepEqual(rows, [{ id: 1 }, { id: 2 }, { id: 3 }]);
    });

    test("refuses an applied file that was changed, and a new one with a lower number", async () => {
      const options = await fresh({ "0002-notes.sql": "CREATE TABLE notes (id INT);" });
      await prepareDatabase(options);
      await writeFile(join(options.migrations, "0001-early.sql"), "CREATE TABLE early (id INT);");
      await assert.rejects(prepareDatabase(options), { code: "DB_MIGRATION_INVALID", message: /0001-early/ });
      await rm(join(options.migrations, "0001-early.sql"));
      await writeFile(join(options.migrations, "0002-notes.sql"), "CREATE TABLE notes (id BIGINT);");

      await assert.rejects(prepareDatabase(options), { code: "DB_MIGRATION_CHANGED", message: /0002-notes/ });
    });

    test("starts an older program on a newer schema, and says so", async () => {
      const options = await fresh({ ...NOTES, "0002-more.sql": "CREATE TABLE more (id INT);" });
      await prepareDatabase(options);
      await rm(join(options.migrations, "0002-more.sql"));

      assert.deepEqual(await prepareDatabase(options), { changes: [], applied: [] });
      assert.ok(
        options.events.some((event) => event.type === "migration.unknown" && event.name === "0002-more.sql"),
      );
    });

    test("runs trigger bodies whole, and files with comments only at their end", async () => {
      const options = await fresh({
        "0001-a.sql": `CREATE TABLE a (id INT, n INT);
DELIMITER //
CREATE PROCEDURE fill() BEGIN INSERT INTO a VALUES (1, 1); INSERT INTO a VALUES (2, 2); END//
DELIMITER ;
-- done; really`,
      });

      const failure = await prepareDatabase(options).catch((caught: unknown) => caught);

      // The migrator may not make routines, so the server names the whole statement's kind: it was not split.
      assert.ok(failure instanceof DbError, inspect(failure));
      assert.match(failure.message, /statement 2 of 2 .*END$/);
    });

    test("waits for the lock no longer than it is told", async () => {
      const options = await fresh(NOTES);
      await createUsers(options);
      const running = runMigrations({
        ...options,
        auth: options.migratorAuth,
        user: options.users?.migrator ?? "",
        migrations: await folderWith("slow", { "0001-slow.sql": "SELECT SLEEP(1.5);" }),
      });
      while ((await sleeping()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));

      await assert.rejects(prepareDatabase({ ...options, lockWaitMs: 1 }), { code: "DB_MIGRATION_LOCKED" });
      await running;
    });

    async function sleeping(): Promise<number> {
      const rows = await schemas.rig.server.adminQuery("SHOW PROCESSLIST");
      return rows.filter((row) => row.Info === "SELECT SLEEP(1.5)").length;
    }
  });
}
