import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import type { ServerKind } from "@sealed/servers";
import type { AdminEvent, PrepareDatabaseOptions } from "../src/admin/index.ts";
import { createUsers, prepareDatabase, runMigrations } from "../src/admin/index.ts";
import { createDatabase, DbError, iamAuth, passwordAuth, sql } from "../src/index.ts";
import { databaseOptions, type Rig } from "./rig.ts";

/** Declares the tests of `./admin` on one kind of server. */
export function adminSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`preparing a database on ${kind}`, () => {
    let rig: Rig;
    let folder: string;
    let master: { user: string; password: string };
    let schemas = 0;

    before(async () => {
      rig = shared();
      folder = await mkdtemp(join(tmpdir(), "sealed-migrations-"));
      master = await rig.server.createMaster();
    });
    after(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    /** Returns options for a schema, users and a folder of migrations of their own. */
    async function fresh(
      files: Record<string, string>,
    ): Promise<PrepareDatabaseOptions & { events: AdminEvent[] }> {
      schemas += 1;
      const database = `shop_${schemas}`;
      const users = { app: `app${schemas}`, migrator: `migrator${schemas}` };
      const migrations = join(folder, database);
      await mkdir(migrations);
      for (const [name, text] of Object.entries(files)) await writeFile(join(migrations, name), text);
      await allow([
        "app",
        ...Array.from({ length: schemas }, (_, i) => [`app${i + 1}`, `migrator${i + 1}`]).flat(),
      ]);
      const { endpoint, trust } = databaseOptions(rig.server);
      const events: AdminEvent[] = [];
      const token = iamAuth({ region: rig.server.region, credentials: rig.server.credentials });
      return {
        endpoint,
        trust,
        auth: passwordAuth(master),
        database,
        users,
        userAuth: "iam",
        migrations,
        migratorAuth: token,
        on: (event) => events.push(event),
        events,
      };
    }

    async function allow(users: string[]): Promise<void> {
      const { credentials, region, port } = rig.server;
      await rig.server.writeKeyring([{ ...credentials, region, endpoint: `localhost:${port}`, users }]);
    }

    const NOTES = { "0001-notes.sql": "CREATE TABLE notes (id INT PRIMARY KEY, title VARCHAR(20));" };
    const showUser = async (user: string): Promise<string> =>
      JSON.stringify([
        await rig.server.adminQuery(`SHOW CREATE USER '${user}'@'%'`),
        await rig.server.adminQuery(`SHOW GRANTS FOR '${user}'@'%'`),
      ]);

    test("makes the schema, both users and the tables, and a second run changes nothing", async () => {
      const options = await fresh(NOTES);

      const first = await prepareDatabase(options);
      const seen = await showUser(options.users?.app ?? "");
      const second = await prepareDatabase(options);

      assert.deepEqual(first.applied, ["0001-notes.sql"]);
      assert.ok(first.changes.includes(`created database ${options.database}`), inspect(first.changes));
      assert.ok(first.changes.includes(`created user ${options.users?.app}`), inspect(first.changes));
      assert.deepEqual(second, { changes: [], applied: [] });
      assert.equal(await showUser(options.users?.app ?? ""), seen);
      assert.match(seen, /AWSAuthenticationPlugin/);
      assert.match(seen, /REQUIRE SSL/);
    });

    test("lets the app read and write rows, and nothing else", async () => {
      const options = await fresh(NOTES);
      await prepareDatabase(options);
      await using app = createDatabase({
        ...databaseOptions(rig.server),
        database: options.database,
        user: options.users?.app ?? "",
      });

      await app.execute(sql`INSERT INTO notes VALUES (${1}, ${"a"})`);
      assert.deepEqual(await app.query(sql`SELECT title FROM notes`), [{ title: "a" }]);
      for (const forbidden of [
        sql`CREATE TABLE x (id INT)`,
        sql`DROP TABLE notes`,
        sql`ALTER TABLE notes ADD y INT`,
      ]) {
        await assert.rejects(app.execute(forbidden), { code: "DB_PERMISSION_DENIED" });
      }
      await assert.rejects(app.query(sql`SELECT * FROM mysql.user`), { code: "DB_PERMISSION_DENIED" });
    });

    test("puts a drifted user right: login, TLS, privileges beyond, missing ones, narrower hosts", async () => {
      const options = await fresh(NOTES);
      await prepareDatabase(options);
      const app = options.users?.app ?? "";
      const planned = await showUser(app);
      await rig.server.adminQuery(`ALTER USER '${app}'@'%' REQUIRE NONE ACCOUNT LOCK`);
      await rig.server.adminQuery(`GRANT SELECT, PROCESS ON *.* TO '${app}'@'%' WITH GRANT OPTION`);
      await rig.server.adminQuery(`GRANT DROP ON ${options.database}.* TO '${app}'@'%'`);
      await rig.server.adminQuery(
        `GRANT SELECT (id, title), UPDATE (id) ON ${options.database}.notes TO '${app}'@'%'`,
      );
      await rig.server.adminQuery(`CREATE ROLE IF NOT EXISTS helper`);
      await rig.server.adminQuery(`GRANT helper TO '${app}'@'%'`);
      // MariaDB lets only its administrators take a role away.
      await rig.server.adminQuery("GRANT helper TO 'master'@'%' WITH ADMIN OPTION");
      await rig.server.adminQuery(`CREATE USER '${app}'@'localhost'`);

      const { changes } = await createUsers(options);

      assert.equal(await showUser(app), planned, inspect(changes));
      assert.ok(changes.includes(`dropped user ${app} at localhost`), inspect(changes));
      assert.deepEqual(await createUsers(options), { changes: [] });
      await rig.server.adminQuery(
        `REVOKE UPDATE ON \`${options.database.replace("_", "\\_")}\`.* FROM '${app}'@'%'`,
      );
      assert.equal((await createUsers(options)).changes.length, 1);
      assert.equal(await showUser(app), planned);
    });

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
      assert.deepEqual(await rig.server.adminQuery(`SELECT id FROM ${options.database}.a ORDER BY id`), [
        { id: 1 },
        { id: 2 },
      ]);
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
      const tables = await rig.server.adminQuery(`SHOW TABLES FROM ${options.database} LIKE 'later'`);
      assert.deepEqual(tables, []);
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

    async function folderWith(name: string, files: Record<string, string>): Promise<string> {
      const directory = join(folder, name);
      await mkdir(directory);
      for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
      return directory;
    }

    async function sleeping(): Promise<number> {
      const rows = await rig.server.adminQuery("SHOW PROCESSLIST");
      return rows.filter((row) => row.Info === "SELECT SLEEP(1.5)").length;
    }

    test("keeps the master's password out of what it throws", async () => {
      const options = await fresh(NOTES);
      const wrong = "not-the-password-of-anybody";

      const error = await prepareDatabase({
        ...options,
        auth: passwordAuth({ user: master.user, password: wrong }),
      }).catch((caught: unknown) => caught);

      assert.ok(error instanceof DbError);
      assert.equal(error.code, "DB_ACCESS_DENIED");
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), new RegExp(wrong));
    });

    test("makes users with passwords where tokens are not wanted", async () => {
      const options = await fresh(NOTES);
      const passwords = { appPassword: "a-Password-1", migratorPassword: "b-Password-2" };
      const migratorAuth = passwordAuth({ password: passwords.migratorPassword });

      await prepareDatabase({ ...options, userAuth: passwords, migratorAuth });

      await using app = createDatabase({
        ...databaseOptions(rig.server),
        database: options.database,
        user: options.users?.app ?? "",
        auth: passwordAuth({ password: passwords.appPassword }),
      });
      await app.execute(sql`INSERT INTO notes VALUES (${1}, ${"a"})`);
      const observed = await app.observe();
      assert.equal(observed.userRequiresTls, true);
      assert.equal(observed.tokenAgeMs, null);
      assert.deepEqual(
        (await prepareDatabase({ ...options, userAuth: passwords, migratorAuth })).changes,
        [],
      );
    });
  });
}
