import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { defaultDirectory, privateCa } from "@sealed/servers";
import type { Connection } from "mysql2";
import { Credential } from "../src/auth/credential.ts";
import { privateTrust } from "../src/index.ts";
import { loginAnswer, verifiedPeer } from "../src/session/login.ts";

let certificate: X509Certificate;
let rootsPem: string;
before(async () => {
  const ca = await privateCa({ dir: defaultDirectory });
  rootsPem = ca.certificatePem;
  certificate = new X509Certificate((await ca.issue({ hosts: ["db.example.test"] })).certificatePem);
});

const SEALED = { encrypted: true, authorized: true };

test("a credential may leave over an encrypted socket whose verified certificate names the host", () => {
  assert.equal(
    verifiedPeer(SEALED, () => certificate, "db.example.test"),
    certificate,
  );
});

for (const [why, socket, host] of [
  ["a plain socket", { encrypted: undefined, authorized: false }, "db.example.test"],
  ["a plain socket that calls itself authorized", { encrypted: false, authorized: true }, "db.example.test"],
  ["an unverified certificate", { encrypted: true, authorized: false }, "db.example.test"],
  ["a certificate of another host", SEALED, "other.example.test"],
] as const) {
  test(`no credential may leave over ${why}`, () => {
    const refused = { code: "DB_UNTRUSTED_CERTIFICATE", message: /refused to send a credential/ };

    assert.throws(() => verifiedPeer(socket, () => certificate, host), refused);
  });
}

test("no credential may leave while the certificate is not known", () => {
  assert.throws(() => verifiedPeer(SEALED, () => undefined, "db.example.test"), {
    code: "DB_UNTRUSTED_CERTIFICATE",
  });
});

for (const [kind, plugin] of [
  ["token", "mysql_clear_password"],
  ["password", "caching_sha2_password"],
  ["password", "sha256_password"],
] as const) {
  test(`the question ${plugin} is answered with a ${kind} after these checks only, whatever the driver did`, () => {
    const answers = (socket: object) => {
      const credential = new Credential({ kind, secret: "s" });
      const answer = loginAnswer(credential, "db.example.test", privateTrust({ pem: rootsPem }));
      const stream = { ...socket, getPeerX509Certificate: () => certificate };
      const connection = { stream, config: {} } as unknown as Connection;
      return answer.options.authPlugins?.[plugin]?.({ connection, command: {} } as never);
    };

    assert.equal(typeof answers(SEALED), "function");
    for (const bad of [
      { encrypted: undefined, authorized: false },
      { encrypted: true, authorized: false },
    ])
      assert.throws(() => answers(bad), { code: "DB_UNTRUSTED_CERTIFICATE" });
  });
}

test("after a refusal no kept TLS session is continued: the next login shows the certificate anew", () => {
  const trust = privateTrust({ pem: rootsPem });
  const { peerOf, refusal } = loginAnswer(
    new Credential({ kind: "token", secret: "s" }),
    "other.example.test",
    trust,
  );
  const { ca } = trust.tls;
  const stream = { ...SEALED, getPeerX509Certificate: () => certificate };

  assert.throws(() => peerOf({ stream } as unknown as Connection), { code: "DB_UNTRUSTED_CERTIFICATE" });

  // The driver keeps sessions for as long as this array is the same.
  assert.notEqual(trust.tls.ca, ca);
  assert.deepEqual(trust.tls.ca, ca);
  assert.equal(refusal()?.code, "DB_UNTRUSTED_CERTIFICATE");
});
