import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import type { ServerKind } from "@sealed/servers";
import { createUsers, prepareDatabase } from "../src/admin/index.ts";
import { createDatabase, DbError, passwordAuth, sql } from "../src/index.ts";
import { databaseOptions, type Rig } from "./rig.ts";
import { NOTES, useSchemas } from "./schemas.ts";

/** Declares the tests of the users that `./admin` makes, on one kind of server. */
export function usersSuite(kind: ServerKind, shared: () => Rig): void {
  describe(`users on ${kind}`, () => {
    const schemas = useSchemas(shared, "users");
    const { fresh } = schemas;
    const showUser = async (user: string): Promise<string> =>
      JSON.stringify([
        await schemas.rig.server.adminQuery(`SHOW CREATE USER '${user}'@'%'`),
        await schemas.rig.server.adminQuery(`SHOW GRANTS FOR '${user}'@'%'`),
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
        ...databaseOptions(schemas.rig.server),
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
      await schemas.rig.server.adminQuery(`ALTER USER '${app}'@'%' REQUIRE NONE ACCOUNT LOCK`);
      await schemas.rig.server.adminQuery(`GRANT SELECT, PROCESS ON *.* TO '${app}'@'%' WITH GRANT OPTION`);
      await schemas.rig.server.adminQuery(`GRANT DROP ON ${options.database}.* TO '${app}'@'%'`);
      await schemas.rig.server.adminQuery(
        `GRANT SELECT (id, title), UPDATE (id) ON ${options.database}.notes TO '${app}'@'%'`,
      );
      await schemas.rig.server.adminQuery(`CREATE ROLE IF NOT EXISTS helper`);
      await schemas.rig.server.adminQuery(`GRANT helper TO '${app}'@'%'`);
      // MariaDB lets only its administrators take a role away.
      await schemas.rig.server.adminQuery("GRANT helper TO 'master'@'%' WITH ADMIN OPTION");
      await schemas.rig.server.adminQuery(`CREATE USER '${app}'@'localhost'`);

      const { changes } = await createUsers(options);

      assert.equal(await showUser(app), planned, inspect(changes));
      assert.ok(changes.includes(`dropped user ${app} at localhost`), inspect(changes));
      assert.deepEqual(await createUsers(options), { changes: [] });
      await schemas.rig.server.adminQuery(
        `REVOKE UPDATE ON \`${options.database.replace("_", "\\_")}\`.* FROM '${app}'@'%'`,
      );
      assert.equal((await createUsers(options)).changes.length, 1);
      assert.equal(await showUser(app), planned);
    });

    test("leaves the user that it is logged in as alone: its privileges would be gone", async () => {
      const options = await fresh(NOTES);
      const { user } = schemas.master;
      const before = await showUser(user);

      for (const users of [
        { app: user, migrator: "users_migrator" },
        { app: "users_app", migrator: user },
      ]) {
        await assert.rejects(createUsers({ ...options, users }), {
          code: "DB_OPTIONS_INVALID",
          message: new RegExp(`"${user}"`),
        });
      }

      assert.equal(await showUser(user), before);
    });

    test("keeps the master's password out of what it throws", async () => {
      const options = await fresh(NOTES);
      const wrong = "not-the-password-of-anybody";

      const error = await prepareDatabase({
        ...options,
        auth: passwordAuth({ user: schemas.master.user, password: wrong }),
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
        ...databaseOptions(schemas.rig.server),
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
