import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "@sealed/faults";
import type { DatabaseServer } from "@sealed/servers";
import type { Database } from "../../src/index.ts";
import { recoveryMs, spread } from "./recovery.ts";
import { WriteLedger } from "./write-ledger.ts";

const LANES = 8;
/** Load before the first outage and after each one. */
const CALM_MS = 1_000;
/** The aim is 1 s; this only tells a pool that recovers from one that waits for something to time out. */
const CEILING_MS = 8_000;

/** Outages of one database under load. */
export interface Drill {
  database: Database;
  /** Server that holds the data now. */
  server: () => DatabaseServer;
  times: number;
  /** Lets one happen, and returns when it was over: when the server answered again. */
  outage: () => Promise<number>;
}

/** Runs outages under a load of writes, holds every write against the table, and tells how soon the pool was back. */
export async function drill(t: TestContext, options: Drill): Promise<void> {
  const { database, outage, server, times } = options;
  const ledger = new WriteLedger(database);
  await ledger.createTable();
  const stop = new AbortController();
  const load = ledger.load(LANES, stop.signal);
  const recoveriesMs: number[] = [];
  for (let round = 0; round < times; round++) {
    await delay(CALM_MS);
    const { opened } = database.stats();
    recoveriesMs.push(await recoveryMs(ledger, await outage()));
    // Who goes on over the connections of before has met no outage.
    assert.ok(database.stats().opened > opened, `no connection was made in round ${round + 1}`);
  }
  await delay(CALM_MS);
  stop.abort();
  await load;

  const { codes, ...counts } = ledger.counts();
  t.diagnostic(`back in use: ${spread(recoveriesMs)}; ${JSON.stringify({ ...counts, ...codes })}`);
  await ledger.verify(server());
  assert.ok(Math.max(...recoveriesMs) < CEILING_MS);
  assert.ok(counts.acknowledged > times * LANES);
  // One that is just being closed in good order counts as lent out.
  await until(() => database.stats().leased === 0);
  await server().adminQuery("DROP TABLE notes.ledger");
}
