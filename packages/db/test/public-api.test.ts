import assert from "node:assert/strict";
import { test } from "node:test";
import * as admin from "../src/admin/index.ts";
import * as db from "../src/index.ts";

test("the public names are these and no others", () => {
  assert.deepEqual(Object.keys(db).sort(), [
    "Credential",
    "DB_ERROR_CODES",
    "DEFAULT_LIMITS",
    "DbError",
    "createDatabase",
    "iamAuth",
    "passwordAuth",
    "privateTrust",
    "rdsTrust",
    "rdsTrustRegions",
    "secretAuth",
    "sql",
    "systemClock",
  ]);
  assert.deepEqual(Object.keys(admin).sort(), ["createUsers", "prepareDatabase", "runMigrations"]);
});

test("the error codes are these and no others", () => {
  assert.equal(new Set(db.DB_ERROR_CODES).size, db.DB_ERROR_CODES.length);
  assert.deepEqual([...db.DB_ERROR_CODES], [...db.DB_ERROR_CODES].sort());
  assert.ok(db.DB_ERROR_CODES.every((code) => code.startsWith("DB_")));
});
