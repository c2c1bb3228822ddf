import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { iamAuth, passwordAuth, privateTrust } from "@sealed/db";
import type { AdminEvent } from "@sealed/db/admin";
import {
  type DatabaseServer,
  defaultDirectory,
  ensurePrograms,
  privateCa,
  startDatabase,
} from "@sealed/servers";
import {
  type PrepareDependencies,
  type PrepareProperties,
  prepare,
} from "../../functions/prepare-database/prepare.ts";

const dir = defaultDirectory;
const migrations = mkdtempSync(join(tmpdir(), "migrations-"));
let server: DatabaseServer;
let outside: PrepareDependencies;
let steps: AdminEvent[];

before(async () => {
  writeFileSync(join(migrations, "0001-notes.sql"), "CREATE TABLE notes (id INT PRIMARY KEY);\n");
  const programs = await ensurePrograms({ dir });
  server = await startDatabase({ dir, programs, ca: await privateCa({ dir }) });
  const master = await server.createMaster();
  steps = [];
  outside = {
    trust: privateTrust({ pem: readFileSync(server.caFile, "utf8") }),
    master: passwordAuth(master),
    migrator: iamAuth({ region: server.region, credentials: server.credentials }),
    migrations,
    log: (step) => steps.push(step),
  };
});

after(async () => {
  await server?.close();
  rmSync(migrations, { recursive: true });
});

function event(properties: Partial<PrepareProperties> = {}) {
  return {
    RequestType: "Create",
    ResourceProperties: {
      host: server.host,
      port: String(server.port),
      database: "notes",
      region: server.region,
      masterSecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:master",
      users: { app: "app", migrator: "migrator" },
      fingerprint: "0",
      ...properties,
    },
  } as const;
}

test("makes users that must use TLS and IAM, and the tables; a second run changes nothing", async () => {
  const first = await prepare(event(), outside);
  const second = await prepare(event(), outside);

  const [user] = await server.adminQuery<Record<string, string>>("SHOW CREATE USER app@'%'");
  assert.match(String(Object.values(user ?? {})[0]), /AWSAuthenticationPlugin.*REQUIRE SSL/);
  assert.deepEqual(await server.adminQuery("SELECT * FROM notes.notes"), []);
  assert.ok(Number(first.Data?.changes) >= 3);
  assert.equal(second.Data?.changes, "0");
  assert.equal(second.PhysicalResourceId, first.PhysicalResourceId);
});

test("fails the deployment when a migration fails, and names it", async () => {
  writeFileSync(join(migrations, "0002-wrong.sql"), "CREATE TABLE;\n");

  await assert.rejects(prepare(event(), outside), /0002-wrong\.sql/);
});

test("fails the deployment when the database cannot be reached", async () => {
  await assert.rejects(prepare(event({ port: "1" }), outside), { name: "DbError" });
});

test("leaves users and tables alone when the stack goes", async () => {
  const { length } = steps;

  await prepare({ ...event({ port: "1" }), RequestType: "Delete" }, outside);

  assert.equal(steps.length, length);
});

test("says what it does without a secret", () => {
  assert.doesNotMatch(JSON.stringify(steps), /X-Amz-|password/i);
});
