import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import type { DriverError } from "../src/driver-errors.ts";
import { codeOf, SERVER_ERRORS, statementError } from "../src/driver-errors.ts";
import { DB_ERROR_CODES } from "../src/index.ts";

function driverError(parts: Partial<DriverError>): DriverError {
  return Object.assign(new Error("text of the server"), parts);
}

test("every number maps to one known code", () => {
  const seen = new Map<number, string>();
  for (const [code, numbers] of Object.entries(SERVER_ERRORS)) {
    assert.ok((DB_ERROR_CODES as readonly string[]).includes(code), code);
    for (const errno of numbers) {
      assert.ok(!seen.has(errno), `${errno} is both ${seen.get(errno)} and ${code}`);
      seen.set(errno, code);
      assert.equal(codeOf(driverError({ errno })), code);
    }
  }
});

test("any error of the driver gets a known code", () => {
  const parts = fc.record(
    {
      errno: fc.oneof(fc.integer({ min: -200, max: 6_000 }), fc.constant(undefined)),
      code: fc.oneof(
        fc.string(),
        fc.constantFrom("ECONNRESET", "EPIPE", "constructor", "__proto__"),
        fc.constant(undefined),
      ),
      fatal: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(parts, fc.boolean(), (given, repeatable) => {
      const error = statementError(driverError(given), { repeatable });
      assert.ok((DB_ERROR_CODES as readonly string[]).includes(error.code), error.code);
    }),
  );
});

test("a lost read may be repeated, a lost write may not", () => {
  const lost = driverError({ code: "PROTOCOL_CONNECTION_LOST", fatal: true });

  assert.equal(statementError(lost, { repeatable: true }).retryable, true);
  assert.equal(statementError(lost, { repeatable: false }).retryable, false);
});

for (const code of ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ECONNRESET", "EPIPE"]) {
  test(`a write whose socket fails with ${code} may have been applied, so it is lost and not retryable`, () => {
    const broken = driverError({ code, errno: -1, fatal: true });

    const write = statementError(broken, { repeatable: false });
    const read = statementError(broken, { repeatable: true });

    assert.deepEqual([write.code, write.retryable], ["DB_CONNECTION_LOST", false]);
    assert.deepEqual([read.code, read.retryable], ["DB_CONNECTION_LOST", true]);
  });
}

test("the message names the kind and the number, and neither statement nor values", () => {
  const error = driverError({ errno: 1062, code: "ER_DUP_ENTRY", sqlState: "23000" });
  Object.assign(error, { sql: "INSERT INTO users VALUES ('canary')", message: "Duplicate entry 'value'" });

  const failure = statementError(error, { repeatable: false });

  assert.equal(failure.message, "a row with the same unique key exists (ER_DUP_ENTRY, 1062)");
  assert.equal(failure.sqlState, "23000");
  assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /canary/);
});

test("the server's text is withheld where it may quote a secret", () => {
  const error = driverError({ errno: 1064, code: "ER_PARSE_ERROR" });
  error.message = "You have an error near 'canary'";
  error.stack = `Error: ${error.message}`;

  const failure = statementError(error, { repeatable: false, hideDetail: true });

  assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /canary/);
});
