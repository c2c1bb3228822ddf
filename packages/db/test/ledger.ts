import { before } from "node:test";
import { until } from "@sealed/faults";
import { type Database, sql } from "../src/index.ts";
import type { Rig } from "./rig.ts";

/** A table that tests write to, and looks at it and at what the server is doing. */
export interface Ledger {
  readonly rig: Rig;
  readonly database: Database;
  ids(): Promise<number[]>;
  clear(): Promise<unknown>;
  /** Returns how many statements that begin with `text` run on the server. */
  running(text: string): Promise<number>;
  /** Waits; the test's own timeout is the limit. */
  until(isTrue: () => boolean | Promise<boolean>): Promise<void>;
}

/** Makes the table before the tests of the suite that calls it. */
export function useLedger(shared: () => Rig): Ledger {
  let rig: Rig;
  let database: Database;
  before(async () => {
    rig = shared();
    database = rig.open();
    await database.execute(sql`CREATE TABLE IF NOT EXISTS ledger (id INT PRIMARY KEY, amount INT NOT NULL)`);
  });
  return {
    get rig() {
      return rig;
    },
    get database() {
      return database;
    },
    ids: async () =>
      (await database.query<{ id: number }>(sql`SELECT id FROM ledger ORDER BY id`)).map(({ id }) => id),
    clear: () => database.execute(sql`DELETE FROM ledger`),
    running: async (text) =>
      (await rig.server.adminQuery("SHOW FULL PROCESSLIST")).filter((row) =>
        String(row.Info).startsWith(text),
      ).length,
    until,
  };
}
