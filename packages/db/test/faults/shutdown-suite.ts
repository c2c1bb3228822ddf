import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "@sealed/faults";
import { sql } from "../../src/index.ts";
import { useLedger } from "../ledger.ts";
import type { Rig } from "../rig.ts";
import { rejection } from "./rejection.ts";

const PROGRAM = fileURLToPath(new URL("stopped-program.ts", import.meta.url));

/** Declares the tests of a pool that is closed while it is at work. */
export function shutdownSuite(shared: () => Rig): void {
  describe("shutdown", () => {
    const ledger = useLedger(shared);
    const { clear, running } = ledger;
    let rig: Rig;
    before(() => {
      rig = shared();
    });

    test("closing lets a running statement finish, refuses new ones, and resolves twice", async () => {
      const closing = rig.open();
      await closing.ready();
      const slow = closing.query(sql`SELECT SLEEP(0.5) AS slept`);

      const closed = closing.close();
      await assert.rejects(closing.query(sql`SELECT 1`), { code: "DB_SHUTTING_DOWN" });

      assert.deepEqual(await slow, [{ slept: 0 }]);
      await closed;
      await closing.close();
      assert.equal(closing.stats().open, 0);
    });

    test("closing destroys what does not end in time, here and on the server, and its caller is told", async () => {
      const closing = rig.open();
      await closing.ready();
      const hung = [57, 57, 57].map((seconds) => rejection(closing.query(sql`SELECT SLEEP(${seconds})`)));
      await until(async () => (await running("SELECT SLEEP(")) === 3);

      await closing.close({ within: 100 });

      for (const { code, retryable } of await Promise.all(hung)) {
        assert.deepEqual([code, retryable], ["DB_CONNECTION_LOST", true]);
      }
      await until(async () => (await running("SELECT SLEEP(")) === 0);
      assert.equal(closing.stats().open, 0);
      const told = rig.events.filter(
        (event) => event.type === "statement.abandoned" && event.code === "DB_SHUTTING_DOWN" && event.killed,
      );
      assert.equal(told.length, 3);
    });

    test("a statement that passes its deadline while the pool is being closed is killed as well", async () => {
      const closing = rig.open();
      await closing.ready();
      const late = rejection(closing.query(sql`SELECT SLEEP(54)`, { statementMs: 400 }));
      await until(async () => (await running("SELECT SLEEP(54)")) === 1);

      await closing.close();

      assert.equal((await late).code, "DB_STATEMENT_TIMEOUT");
      await until(async () => (await running("SELECT SLEEP(54)")) === 0);
    });

    test("closing resolves although the network is silent", async () => {
      await using proxy = await rig.proxy();
      const closing = rig.open({ endpoint: { host: "localhost", port: proxy.port } });
      await closing.ready();
      const hung = rejection(closing.query(sql`SELECT SLEEP(1)`));
      await until(async () => (await running("SELECT SLEEP(1)")) === 1);

      proxy.blackHole();
      await closing.close({ within: 50 });

      assert.equal((await hung).code, "DB_CONNECTION_LOST");
      const { dialing, open, waiting } = closing.stats();
      assert.deepEqual([open, dialing, waiting], [0, 0, 0]);
    });

    test("a program that is told to stop lets five statements finish, ends a sixth, and then ends by itself", async () => {
      await clear();
      await ledger.database.execute(sql`INSERT INTO ledger VALUES (1, 0), (2, 0)`);
      const [first, second] = [await lockRow(1), await lockRow(2)];
      const program = startProgram();
      const said = textOf(program);
      await until(async () => (await running("UPDATE ledger")) === 6);

      program.kill("SIGTERM");
      await first();
      const [code] = (await once(program, "close")) as [number | null];

      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(said()), [...Array(5).fill("served"), "DB_CONNECTION_LOST"]);
      await until(async () => (await running("UPDATE ledger")) === 0);
      await second();
      const rows = await ledger.database.query(sql`SELECT amount FROM ledger ORDER BY id`);
      assert.deepEqual(rows, [{ amount: 5 }, { amount: 0 }]);
    });

    /** Holds back whoever updates a row of the ledger; the result lets them go on. */
    async function lockRow(id: number): Promise<() => Promise<void>> {
      const locked = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const transaction = ledger.database.transaction(async (tx) => {
        await tx.query(sql`SELECT amount FROM ledger WHERE id = ${id} FOR UPDATE`);
        locked.resolve();
        await mayEnd.promise;
      });
      await locked.promise;
      return async () => {
        mayEnd.resolve();
        await transaction;
      };
    }

    function startProgram(): ChildProcess {
      const { caFile, credentialsFile, port, profile, region } = rig.server;
      return spawn(process.execPath, [PROGRAM, String(port), caFile, region], {
        env: { ...process.env, AWS_SHARED_CREDENTIALS_FILE: credentialsFile, AWS_PROFILE: profile },
        stdio: ["ignore", "pipe", "inherit"],
      });
    }
  });
}

function textOf(program: ChildProcess): () => string {
  const parts: Buffer[] = [];
  program.stdout?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}
