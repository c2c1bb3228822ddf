import type { DatabaseServer } from "@sealed/servers";
import { DATABASE_NAME } from "../../src/app-environment.ts";
import type { LoadReport } from "./load-report.ts";

/** What the database says about the notes of one load. */
export interface Ledger {
  /** Acknowledged, and not there. */
  missing: string[];
  /** There more than once. */
  doubled: string[];
  /** There, and never acknowledged. */
  unacknowledged: string[];
}

/** Compares the notes that were acknowledged with those in the database, past the app. */
export async function readLedger(
  database: DatabaseServer,
  { acknowledged }: LoadReport,
  label: string,
): Promise<Ledger> {
  const rows = await database.adminQuery<{ title: string }>(
    `SELECT title FROM ${DATABASE_NAME}.notes WHERE title LIKE ?`,
    [`${label} %`],
  );
  const counts = new Map<string, number>();
  for (const { title } of rows) counts.set(title, (counts.get(title) ?? 0) + 1);
  const titles = new Set(acknowledged.map(({ title }) => title));
  return {
    missing: [...titles].filter((title) => !counts.has(title)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([title]) => title),
    unacknowledged: [...counts.keys()].filter((title) => !titles.has(title)),
  };
}
