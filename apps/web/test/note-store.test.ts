import assert from "node:assert/strict";
import { test } from "node:test";
import { type Database, DbError, type DbErrorCode } from "@sealed/db";
import { createNoteStore } from "../src/notebook/index.ts";
import { appUnderTest } from "./app-under-test.ts";

/** A database that takes every write and then fails every read. */
function lostAfterTheWrite(code: DbErrorCode) {
  let writes = 0;
  const fail = () => Promise.reject(new DbError(code, "could not reach db.internal:3306"));
  const execute = async () => {
    writes++;
    return { affectedRows: 1 };
  };
  const database = { execute, query: fail, transaction: fail } as unknown as Database;
  return { store: createNoteStore(database), writes: () => writes };
}

for (const code of ["DB_POOL_TIMEOUT", "DB_CONNECTION_REFUSED", "DB_SHUTTING_DOWN"] as const) {
  test(`a note that was written is not said to be unsaved when reading it back ends with ${code}`, async () => {
    const { store, writes } = lostAfterTheWrite(code);
    const { client } = appUnderTest({ store });

    const { headers, body } = await client.post("/api/notes").send({ title: "Shopping", body: "Bread" });
    const page = await client.post("/notes").type("form").send({ title: "Shopping" });

    assert.equal(writes(), 2);
    assert.deepEqual(
      [body.title, body.body, body.version, headers.etag, headers.location],
      ["Shopping", "Bread", 1, '"v1"', `/api/notes/${body.id}`],
    );
    assert.equal(page.status, 303);
    assert.doesNotMatch(page.text, /not saved/);
  });
}

test("a fault of the program in reading a written note back stays one", async () => {
  const { store } = lostAfterTheWrite("DB_STATEMENT_INVALID");

  await assert.rejects(store.create({ title: "Shopping", body: "" }), { code: "DB_STATEMENT_INVALID" });
});
