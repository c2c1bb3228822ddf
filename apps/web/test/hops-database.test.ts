import assert from "node:assert/strict";
import test from "node:test";
import { type HopsInput, observeHops } from "../src/hops/index.ts";
import { certificate, DATABASE, NOW_MS, observed } from "./hops-fixtures.ts";

function databaseHop(database: HopsInput["database"]) {
  const report = observeHops(observed({ database }));
  const hop = report.hops[2];
  assert.equal(report.verdict, hop.sealed ? "sealed" : "open");
  return hop;
}

test("a verified TLS connection to a server that refuses plain ones is sealed and authenticated", () => {
  const hop = databaseHop(DATABASE);

  assert.equal(hop.sealed, true);
  assert.equal(hop.authenticated, true);
  assert.equal(hop.reason, undefined);
  assert.deepEqual(hop.peer, {
    subject: "CN=database.test",
    fingerprint256: DATABASE.peer?.fingerprint256,
    notAfter: new Date(NOW_MS + 364 * 86_400_000).toISOString(),
    daysLeft: 364,
  });
  assert.equal(hop.user, "app@%");
  assert.equal(hop.tokenAgeMs, 252_000);
  assert.equal(hop.requiresSecureTransport, true);
  assert.equal(hop.userRequiresTls, true);
  assert.equal(hop.serverVersion, "8.4.7");
});

test("a server that accepts plain connections opens the hop, whatever the account's own rule", () => {
  for (const userRequiresTls of [true, false]) {
    const hop = databaseHop({ ...DATABASE, requiresSecureTransport: false, userRequiresTls });

    assert.equal(hop.sealed, false);
    assert.equal(hop.authenticated, true, "the certificate was checked all the same");
    assert.match(hop.reason ?? "", /require_secure_transport is OFF/);
  }
});

test("an account without REQUIRE SSL is worth a note while the server refuses plain connections", () => {
  const hop = databaseHop({ ...DATABASE, userRequiresTls: false });

  assert.equal(hop.sealed, true);
  assert.match(hop.reason ?? "", /REQUIRE SSL/);
});

test("a database certificate that nobody verified is neither authenticated nor sealed", () => {
  const hop = databaseHop({ ...DATABASE, authorized: false });

  assert.equal(hop.sealed, false);
  assert.equal(hop.authenticated, false);
  assert.equal(hop.authentication.checkedBy, "nobody");
  assert.match(hop.reason ?? "", /any server/);
});

test("an unencrypted database connection is open and checked by nobody", () => {
  const hop = databaseHop({ ...DATABASE, protocol: null, cipher: null, group: null, peer: null });

  assert.equal(hop.sealed, false);
  assert.equal(hop.authenticated, false);
  assert.match(hop.problems[0] ?? "", /not encrypted/);
});

test("an old protocol, an ended or a missing certificate opens the database hop", () => {
  assert.match(databaseHop({ ...DATABASE, protocol: "TLSv1.1" }).reason ?? "", /TLSv1\.1 is not safe/);
  assert.match(
    databaseHop({ ...DATABASE, peer: certificate("CN=database.test", -1) }).reason ?? "",
    /ended on/,
  );
  assert.match(databaseHop({ ...DATABASE, peer: null }).reason ?? "", /could not be read/);
});

test("a certificate counts whole days left, rounded down", () => {
  assert.equal(databaseHop({ ...DATABASE, peer: certificate("CN=database.test", 0.9) }).peer?.daysLeft, 0);
  assert.equal(databaseHop({ ...DATABASE, peer: certificate("CN=database.test", -0.1) }).peer?.daysLeft, -1);
});

test("a login without a token is not called one", () => {
  assert.match(databaseHop(DATABASE).authentication.explanation, /IAM token/);
  assert.match(databaseHop({ ...DATABASE, tokenAgeMs: null }).authentication.explanation, /password/);
});

test("a database that cannot be observed is not sealed, and says why by code and in words", () => {
  const words = {
    DB_UNTRUSTED_CERTIFICATE: /refused the database: its certificate/,
    DB_TLS_UNAVAILABLE: /offers no TLS/,
    DB_UNREACHABLE: /cannot be reached/,
    DB_ACCESS_DENIED: /refused the app's login/,
    DB_ABORTED: /did not answer in time/,
    DB_PROTOCOL: /could not be observed/,
  } as const;
  for (const [code, pattern] of Object.entries(words)) {
    const hop = databaseHop({ code: code as keyof typeof words });

    assert.equal(hop.sealed, false);
    assert.equal(hop.authenticated, false);
    assert.equal(hop.code, code);
    assert.equal(hop.observedBy, "nobody");
    assert.deepEqual([hop.protocol, hop.cipher, hop.group, hop.peer], [null, null, null, null]);
    assert.match(hop.reason ?? "", pattern);
  }
});
