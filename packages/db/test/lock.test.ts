import assert from "node:assert/strict";
import { test } from "node:test";
import type { AdminSession } from "../src/admin/admin-session.ts";
import { withLock } from "../src/admin/lock.ts";
import { DbError } from "../src/index.ts";

const LOCK = { purpose: "migrations", database: "notes", waitMs: 1_000, on: () => undefined } as const;

/** A session that hands out the lock and is lost before it can be given back. */
function lostAfterLock(): AdminSession {
  return {
    run: async <R>(text: string) => {
      if (!text.startsWith("SELECT GET_LOCK")) throw new DbError("DB_CONNECTION_LOST", "as told");
      return [{ taken: 1 }] as R[];
    },
  };
}

test("the error of the work is told, not that the lock could not be given back after it", async () => {
  const failure = new DbError("DB_MIGRATION_FAILED", "statement 2 of 3 failed");

  await assert.rejects(
    withLock(lostAfterLock(), LOCK, () => Promise.reject(failure)),
    failure,
  );
});

test("work that is done stays done when the lock cannot be given back: the server frees it", async () => {
  assert.equal(await withLock(lostAfterLock(), LOCK, () => Promise.resolve("done")), "done");
});
