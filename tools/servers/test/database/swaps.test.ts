import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { type PrivateCa, privateCa } from "../../src/ca/index.ts";
import { startDatabase } from "../../src/database/index.ts";
import { defaultDirectory } from "../../src/directory.ts";
import { ensurePrograms, type ServerKind } from "../../src/packages/index.ts";
import { logIn } from "./login.ts";
import { signToken } from "./token.ts";

const dir = defaultDirectory;
let folder: string;
let ca: PrivateCa;
let other: PrivateCa;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-swaps-"));
  ca = await privateCa({ dir: folder });
  other = await privateCa({ dir: join(folder, "other"), name: "Another CA" });
});
after(() => rm(folder, { recursive: true, force: true }));

const start = async (kind: ServerKind) =>
  await startDatabase({ dir, programs: await ensurePrograms({ dir, server: kind }), ca });

for (const kind of ["mysql", "mariadb"] as const) {
  test(`${kind} shows another certificate without a restart, and keeps the connections that are open`, async () => {
    await using database = await start(kind);
    const { user, password } = await database.createMaster();
    const { host, port } = database;
    const connect = (authority: string) =>
      createConnection({ host, port, user, password, ssl: { ca: authority, verifyIdentity: true } });
    const open = await connect(ca.certificatePem);

    await database.replaceCertificate(other);

    await assert.rejects(connect(ca.certificatePem), { code: "HANDSHAKE_SSL_ERROR" });
    await (await connect(other.certificatePem)).end();
    await open.query("SELECT 1");
    await open.end();
  });

  test(`${kind} refuses writes while it is read-only, and takes them afterwards`, async () => {
    await using database = await start(kind);
    await database.adminQuery("CREATE DATABASE notes");
    await database.adminQuery("CREATE USER app IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
    await database.adminQuery("GRANT ALL PRIVILEGES ON notes.* TO app");
    const { credentials, host, port } = database;
    const token = signToken({ endpoint: `${host}:${port}`, user: "app", credentials });
    const app = await logIn(database, { user: "app", token });

    await database.setReadOnly(true);
    await assert.rejects(app.query("CREATE TABLE notes.one (id INT)"), { errno: 1290 });
    await database.setReadOnly(false);

    await app.query("CREATE TABLE notes.one (id INT)");
    await app.end();
  });
}
