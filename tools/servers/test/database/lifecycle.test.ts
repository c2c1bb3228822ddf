import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { type PrivateCa, privateCa } from "../../src/ca/index.ts";
import { type DatabaseServerOptions, startDatabase } from "../../src/database/index.ts";
import { defaultDirectory } from "../../src/directory.ts";
import { ensurePrograms, type Programs } from "../../src/packages/index.ts";
import { logIn } from "./login.ts";
import { signToken } from "./token.ts";

let folder: string;
let ca: PrivateCa;
let programs: Programs[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-lifecycle-"));
  ca = await privateCa({ dir: folder });
  programs = [
    await ensurePrograms({ dir: defaultDirectory, server: "mysql" }),
    await ensurePrograms({ dir: defaultDirectory, server: "mariadb" }),
  ];
});

after(() => rm(folder, { recursive: true, force: true }));

const start = (chosen: Programs, changes: Partial<DatabaseServerOptions> = {}) =>
  startDatabase({ dir: defaultDirectory, programs: chosen, ca, ...changes });

const isGone = (pid: number) => {
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
};

test("keeps data, keys, master and port over a restart, a crash and a new start", async () => {
  for (const chosen of programs) {
    const dataDir = join(folder, `${chosen.server}-data`);
    const first = await start(chosen, { dataDir });
    const { port, credentials } = first;
    await first.adminQuery("CREATE DATABASE kept");
    await first.adminQuery("CREATE TABLE kept.notes (id INT PRIMARY KEY)");
    await first.adminQuery("INSERT INTO kept.notes VALUES (?)", [1]);
    const master = await first.createMaster();
    await first.restart();
    await first.adminQuery("INSERT INTO kept.notes VALUES (?)", [2]);
    await first.kill();
    await first.restart();
    await first.adminQuery("INSERT INTO kept.notes VALUES (?)", [3]);
    assert.equal(first.port, port);
    await first.close();

    const second = await start(chosen, { dataDir });

    const rows = await second.adminQuery<{ id: number }>("SELECT id FROM kept.notes ORDER BY id");
    assert.deepEqual(
      rows.map(({ id }) => id),
      [1, 2, 3],
    );
    assert.deepEqual(second.credentials, credentials);
    assert.deepEqual(await second.createMaster(), master);
    await second.close();
  }
});

test("leaves no process, no socket and no temporary data when it is closed", async () => {
  for (const chosen of programs) {
    const database = await start(chosen);
    const { pid, adminSocket, credentialsFile } = database;

    await database.close();

    isGone(pid);
    await assert.rejects(access(dirname(adminSocket)), { code: "ENOENT" });
    await assert.rejects(access(dirname(dirname(credentialsFile))), { code: "ENOENT" });
  }
});

test("removes the data that a killed process left, and keeps that of a process that runs", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  const temporary = join(defaultDirectory, "temporary");
  // Process ids end at 4,194,304 on Linux: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html
  const left = join(temporary, "4999999-left");
  await (await start(mariadb)).close();
  await writeFile(left, "");

  await using database = await start(mariadb);

  await assert.rejects(access(left), { code: "ENOENT" });
  const own = (await readdir(temporary)).filter((name) => name.startsWith(`${process.pid}-`));
  assert.equal(own.length, 1);
  assert.ok(database.credentialsFile.includes(own[0] ?? "-"));
});

test("stops a frozen server, too", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  const database = await start(mariadb);
  await database.pause();

  await database.stop();

  isGone(database.pid);
  assert.deepEqual(await database.exited, { code: 0, signal: null });
  await database.close();
});

test("answers nobody while it is paused and everybody afterwards", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  await using database = await start(mariadb);
  await database.pause();
  let isAnswered = false;

  const answer = database.adminQuery("SELECT 1").then(() => {
    isAnswered = true;
  });
  // The kernel takes the connection all the same; another query of an ordinary length would be back by then.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const wasAnswered = isAnswered;
  database.resume();
  await answer;

  assert.equal(wasAnswered, false);
  assert.equal(isAnswered, true);
});

test("names the port and who holds it when the port that was asked for is taken", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as { port: number };

  const attempt = start(mariadb, { port });

  await assert.rejects(attempt, (error: { code: string; message: string }) => {
    assert.equal(error.code, "SERVERS_PORT_TAKEN");
    assert.match(error.message, new RegExp(`port ${port} is taken by pid ${process.pid} `));
    return true;
  });
  holder.close();
});

test("shows the last lines of the server's log when it does not start", async () => {
  for (const chosen of programs) {
    const attempt = start(chosen, { options: ["--no-such-option=1"] });

    await assert.rejects(attempt, (error: { code: string; message: string }) => {
      assert.equal(error.code, "SERVERS_DATABASE_START_FAILED");
      assert.match(error.message, /unknown variable 'no-such-option=1'/);
      return true;
    });
  }
});

test("does not start without its plugin", async () => {
  for (const chosen of programs) {
    const attempt = start({ ...chosen, pluginFile: join(chosen.pluginFolder, "missing.so") });

    await assert.rejects(attempt, { code: "SERVERS_DATABASE_START_FAILED", message: /missing\.so/ });
  }
});

test("lets the master in with its password over TLS only, and lets it create users", async () => {
  for (const chosen of programs) {
    await using database = await start(chosen);
    const master = await database.createMaster();
    const where = { host: database.host, port: database.port, ...master };

    const connection = await createConnection({
      ...where,
      ssl: { ca: ca.certificatePem, verifyIdentity: true },
    });
    await connection.query(
      "CREATE USER 'app'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    );
    await connection.end();

    await assert.rejects(createConnection(where));
    const app = await logIn(database, {
      user: "app",
      token: signToken({
        endpoint: `${database.host}:${database.port}`,
        user: "app",
        credentials: database.credentials,
      }),
    });
    await app.end();
  }
});

test("keeps keys, allow-list, private key and password from other users of the machine", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  const dataDir = join(folder, "modes");
  const database = await start(mariadb, { dataDir });
  await database.createMaster();

  const secret = [database.credentialsFile, database.keyringFile, "tls/key.pem", "master.json"];
  for (const file of secret) {
    const { mode } = await stat(file.startsWith("/") ? file : join(dataDir, file));
    assert.equal(mode & 0o777, 0o600, file);
  }
  assert.equal((await stat(dirname(database.adminSocket))).mode & 0o777, 0o700);
  await database.close();
});

test("writes keys that the AWS SDK reads: a profile with a Region", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  await using database = await start(mariadb);

  const text = await readFile(database.credentialsFile, "utf8");

  assert.match(text, /^\[sandbox\]\naws_access_key_id = \w{20}\naws_secret_access_key = \S{40}\n/);
  assert.match(text, /^region = eu-west-1$/m);
});

test("leaves no account without a password or a token, and no way in for root but the socket", async () => {
  for (const chosen of programs) {
    await using database = await start(chosen);

    const accounts = await database.adminQuery<{ name: string; plugin: string }>(
      "SELECT user AS name, plugin FROM mysql.user WHERE user NOT LIKE 'm%.%'",
    );

    assert.ok(accounts.length > 0);
    for (const { name, plugin } of accounts) assert.match(plugin, /^(auth|unix)_socket$/, name);
  }
});

test("shows another certificate after a restart with it", async () => {
  const [, mariadb] = programs as [Programs, Programs];
  await using database = await start(mariadb);
  const other = await privateCa({ dir: join(folder, "other"), name: "Another CA" });
  await database.createMaster();

  await database.restart({ certificate: await other.issue() });

  const { user, password } = await database.createMaster();
  const connect = (authority: string) =>
    createConnection({
      host: database.host,
      port: database.port,
      user,
      password,
      ssl: { ca: authority, verifyIdentity: true },
    });
  await assert.rejects(connect(ca.certificatePem), { code: "HANDSHAKE_SSL_ERROR" });
  await (await connect(other.certificatePem)).end();
});
