import assert from "node:assert/strict";
import type { DatabaseServer } from "@sealed/servers";
import { type Database, DbError, sql } from "../../src/index.ts";
import { steadyLoad } from "./steady-load.ts";

/** What the client knows of a write: it is there, it is not there, or only the database can tell. */
type Outcome = "acknowledged" | "failed" | "unknown";

interface Write {
  outcome: Outcome;
  /** A pair of rows in one transaction, or a single row. */
  rows: 1 | 2;
  code?: string;
}

/** How the writes of a load ended; the codes are those of the ones that were not acknowledged. */
export interface LedgerCounts {
  acknowledged: number;
  failed: number;
  unknown: number;
  codes: Record<string, number>;
}

/** Codes of a single write that may have been applied although its answer never came. */
const UNCERTAIN = new Set(["DB_CONNECTION_LOST", "DB_STATEMENT_TIMEOUT"]);
/** A client that follows `retryable` tries again, so a flag that lies shows as a row written twice. */
const MOST_ATTEMPTS = 4;

/**
 * Numbered writes under load, and the client's own record of what became of each.
 *
 * The table has no unique key on the number: a write that is applied twice leaves two rows.
 */
export class WriteLedger {
  readonly acknowledgedAtMs: number[] = [];
  readonly #database: Database;
  readonly #writes = new Map<number, Write>();

  constructor(database: Database) {
    this.#database = database;
  }

  async createTable(): Promise<void> {
    await this.#database.execute(
      sql`CREATE TABLE ledger (position BIGINT AUTO_INCREMENT PRIMARY KEY, number INT NOT NULL, KEY (number))`,
    );
  }

  /** Writes on `lanes` lanes until the signal, every other write as a transaction of two rows. */
  load(lanes: number, until: AbortSignal): Promise<number> {
    return steadyLoad({ lanes, pauseMs: 10, until, work: () => this.#write() });
  }

  counts(): LedgerCounts {
    const counts: LedgerCounts = { acknowledged: 0, failed: 0, unknown: 0, codes: {} };
    for (const { outcome, code } of this.#writes.values()) {
      counts[outcome] += 1;
      if (code !== undefined) counts.codes[code] = (counts.codes[code] ?? 0) + 1;
    }
    return counts;
  }

  /** Holds the client's record against the table. */
  async verify(server: DatabaseServer): Promise<void> {
    const found = await server.adminQuery<{ number: number; times: number }>(
      "SELECT number, COUNT(*) AS times FROM notes.ledger GROUP BY number",
    );
    const times = new Map(found.map((row) => [row.number, Number(row.times)]));
    const wrong = [...this.#writes]
      .map(([number, write]) => ({ number, ...write, found: times.get(number) ?? 0 }))
      .filter(({ outcome, rows, found }) => !allowed(outcome, rows).includes(found));
    assert.deepEqual(wrong, []);
    assert.ok([...times.keys()].every((number) => this.#writes.has(number)));
  }

  async #write(): Promise<void> {
    const number = this.#writes.size + 1;
    const write: Write = { outcome: "failed", rows: number % 2 === 0 ? 2 : 1 };
    this.#writes.set(number, write);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        await this.#apply(number, write.rows);
        write.outcome = "acknowledged";
        delete write.code;
        this.acknowledgedAtMs.push(performance.now());
        return;
      } catch (error) {
        assert.ok(error instanceof DbError, String(error));
        write.code = error.code;
        if (error.retryable) continue;
        write.outcome = mayBeApplied(error, write.rows) ? "unknown" : "failed";
        return;
      }
    }
  }

  async #apply(number: number, rows: Write["rows"]): Promise<void> {
    const insert = sql`INSERT INTO ledger (number) VALUES (${number})`;
    if (rows === 1) await this.#database.execute(insert);
    else {
      await this.#database.transaction(async (tx) => {
        await tx.execute(insert);
        await tx.execute(insert);
      });
    }
  }
}

function mayBeApplied(error: DbError, rows: Write["rows"]): boolean {
  return rows === 1 ? UNCERTAIN.has(error.code) : error.code === "DB_COMMIT_UNKNOWN";
}

function allowed(outcome: Outcome, rows: number): number[] {
  if (outcome === "unknown") return [0, rows];
  return [outcome === "acknowledged" ? rows : 0];
}
