import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ServersError } from "../../src/errors.ts";
import { insistOn, preferMysql } from "../../src/packages/prefer-mysql.ts";
import type { Programs } from "../../src/packages/programs.ts";
import type { ServerKind } from "../../src/packages/suites.ts";

let folder: string;
let reasonFile: string;
const silent = () => undefined;
const found = async (server: ServerKind) => ({ server }) as Programs;
const unavailable = async (server: ServerKind) => {
  if (server === "mysql") throw new ServersError("SERVERS_PACKAGES_UNAVAILABLE", "the mirror has it not");
  return await found(server);
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-fallback-"));
  reasonFile = join(folder, "why-mariadb.txt");
});

after(() => rm(folder, { recursive: true, force: true }));

test("takes MySQL where it can be had", async () => {
  const programs = await preferMysql(found, reasonFile, silent);

  assert.deepEqual(programs, { server: "mysql" });
});

test("takes MariaDB where MySQL cannot be had, says so, and does not ask again", async () => {
  const lines: string[] = [];
  const asked: ServerKind[] = [];

  const first = await preferMysql(unavailable, reasonFile, (line) => lines.push(line));
  const second = await preferMysql(
    async (server) => {
      asked.push(server);
      return await found(server);
    },
    reasonFile,
    silent,
  );

  assert.deepEqual(first, { server: "mariadb", fallbackReason: "the mirror has it not" });
  assert.deepEqual(second, first);
  assert.deepEqual(asked, ["mariadb"]);
  assert.deepEqual(lines, ["MySQL cannot be had here (the mirror has it not); using MariaDB"]);
});

test("asks for MySQL again when it is asked for by name", async () => {
  await preferMysql(unavailable, reasonFile, silent);
  await assert.rejects(insistOn(unavailable, "mysql", reasonFile), { code: "SERVERS_PACKAGES_UNAVAILABLE" });

  await insistOn(found, "mysql", reasonFile);

  assert.deepEqual(await preferMysql(found, reasonFile, silent), { server: "mysql" });
});

test("does not hide another failure behind MariaDB", async () => {
  const failing = () =>
    Promise.reject(new ServersError("SERVERS_PLUGIN_BUILD_FAILED", "it does not compile"));

  await assert.rejects(preferMysql(failing, reasonFile, silent), { code: "SERVERS_PLUGIN_BUILD_FAILED" });
});
