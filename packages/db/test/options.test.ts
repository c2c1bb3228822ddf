import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { defaultDirectory, privateCa } from "@sealed/servers";
import { addressesOf } from "../src/addresses.ts";
import {
  createDatabase,
  type DatabaseOptions,
  type DbEvent,
  passwordAuth,
  privateTrust,
} from "../src/index.ts";
import { completeLimits } from "../src/limits.ts";

let pem: string;
before(async () => {
  pem = (await privateCa({ dir: defaultDirectory })).certificatePem;
});

function optionsWith(changes: Partial<DatabaseOptions>): DatabaseOptions {
  return {
    endpoint: { host: "localhost", port: 1 },
    database: "notes",
    user: "app",
    auth: passwordAuth({ password: "x" }),
    trust: privateTrust({ pem }),
    limits: { minWarm: 0 },
    ...changes,
  };
}

test("every wrong option is named at once", () => {
  const wrong = optionsWith({ endpoint: { host: "10.0.0.1", port: 70_000 }, user: "" });

  assert.throws(() => createDatabase(wrong), {
    code: "DB_OPTIONS_INVALID",
    message: /not the address 10\.0\.0\.1.*port must be an integer from 1 to 65535.*1 to 32 characters/,
  });
});

test("trust anchors that somebody has weakened, or emptied, are refused", () => {
  for (const weaker of [
    { rejectUnauthorized: false },
    { verifyIdentity: undefined },
    { ca: [] },
    { minVersion: "TLSv1" },
    { minVersion: undefined },
  ]) {
    const trust = privateTrust({ pem });
    Object.assign(trust.tls, weaker);

    assert.throws(() => createDatabase(optionsWith({ trust })), {
      code: "DB_OPTIONS_INVALID",
      message: /rdsTrust or privateTrust, unchanged|leave trust unchanged/,
    });
  }
});

test("every wrong limit is named at once", () => {
  const wrong = { connections: 0, queue: -1, acquireMs: 1.5, minWarm: 3 };

  assert.throws(() => completeLimits(wrong), {
    code: "DB_OPTIONS_INVALID",
    message: /limits\.connections.*limits\.queue.*limits\.acquireMs.*limits\.minWarm \(3\)/,
  });
});

test("a name that RDS does not give is reported, for a token of an alias is refused", async () => {
  const events: DbEvent[] = [];
  const on = (event: DbEvent) => events.push(event);
  for (const host of ["db.example.test", "localhost", "x.abc.eu-west-1.rds.amazonaws.com"]) {
    await createDatabase(optionsWith({ endpoint: { host }, on })).close();
  }

  assert.deepEqual(events, [{ type: "endpoint.unusual", host: "db.example.test" }]);
});

test("a pool that was never used closes at once and leaves no timer", async () => {
  const database = createDatabase(optionsWith({}));

  await Promise.all([database.close(), database.close()]);

  await assert.rejects(database.ready(), { code: "DB_SHUTTING_DOWN" });
});

test("no login begins before what it shall wait for", async () => {
  // Loaded already, so that a login which does not wait asks at once.
  await import("../src/session/dial.ts");
  const start = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let isAsked = false;
  const credential = () => {
    isAsked = true;
    asked.resolve();
    return Promise.reject(new Error("none here"));
  };
  const auth = { credential, invalidate: () => undefined };
  const options = { auth, startAfter: start.promise, limits: { minWarm: 1 } };
  await using _database = createDatabase(optionsWith(options));
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  assert.equal(isAsked, false);

  start.resolve();

  await asked.promise;
});

test("a pool closes although what its logins wait for never comes", async () => {
  const startAfter = Promise.withResolvers<void>().promise;
  const database = createDatabase(optionsWith({ startAfter, limits: { minWarm: 1 } }));

  await database.close();

  await assert.rejects(database.ready(), { code: "DB_SHUTTING_DOWN" });
});

test("every address of a name is found, and a name without any is an error", async () => {
  const found = await addressesOf("db.example.test", (_host, _options, done) =>
    done(null, [
      { address: "10.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]),
  );

  assert.deepEqual(found, ["10.0.0.1", "::1"]);
  const missing = addressesOf("db.example.test", (_host, _options, done) => done(new Error("ENOTFOUND"), []));
  await assert.rejects(missing, /ENOTFOUND/);
});
