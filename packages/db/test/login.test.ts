import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { defaultDirectory, privateCa } from "@sealed/servers";
import { verifiedPeer } from "../src/session/login.ts";

let certificate: X509Certificate;
before(async () => {
  const ca = await privateCa({ dir: defaultDirectory });
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
