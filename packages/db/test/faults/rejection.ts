import assert from "node:assert/strict";
import { inspect } from "node:util";
import { DbError } from "../../src/index.ts";

/** Returns the `DbError` with which a promise is rejected. */
export async function rejection(work: Promise<unknown>): Promise<DbError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof DbError, inspect(outcome));
  return outcome;
}

/** Returns the codes of all that were rejected, which must be `DbError`s. */
export async function rejections(works: Promise<unknown>[]): Promise<DbError["code"][]> {
  return await Promise.all(works.map(async (work) => (await rejection(work)).code));
}
