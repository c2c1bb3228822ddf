import assert from "node:assert/strict";
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { checkSignatures } from "../src/certificate/signature.ts";
import { inspectCertificate } from "../src/index.ts";
import { type Issued, issue } from "./support/pki.ts";

const DAY_MS = 86_400_000;
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

let good: Issued;
let root: Issued;
let intermediate: Issued;
let leaf: Issued;

before(async () => {
  good = await issue();
  root = await issue({ name: "CN=root", isCa: true });
  intermediate = await issue({ name: "CN=intermediate", isCa: true, issuer: root });
  leaf = await issue({ name: "CN=leaf", issuer: intermediate });
});

function codes(...args: Parameters<typeof inspectCertificate>): string[] {
  return inspectCertificate(...args).problems.map(({ code }) => code);
}

test("reports nothing for a good pair and tells what it is", () => {
  const report = inspectCertificate(good, { hosts: ["localhost", "127.0.0.1"] });

  assert.deepEqual(report.problems, []);
  assert.equal(report.ok, true);
  assert.equal(report.subject, "CN=test");
  assert.equal(report.daysLeft, 89);
  assert.match(report.fingerprint256 ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test("accepts a chain in order, with its intermediates in cert or in ca", () => {
  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert + intermediate.cert + root.cert }), []);
  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert, ca: intermediate.cert }), []);
});

test("inspects a certificate without a key when it is given as text", () => {
  assert.deepEqual(codes(good.cert), []);
  assert.deepEqual(codes(root.cert), ["TLS_CERT_IS_CA"]);
});

test("reports an empty, a garbled and a cut-off certificate each by its own code", () => {
  assert.deepEqual(codes({ key: good.key, cert: " \n" }), ["TLS_CERT_EMPTY"]);
  assert.deepEqual(codes({ key: good.key, cert: "garbage" }), ["TLS_CERT_UNREADABLE"]);
  assert.deepEqual(codes({ key: good.key, cert: good.cert.replaceAll("\n", "\\n") }), [
    "TLS_CERT_UNREADABLE",
  ]);
  const garbled = good.cert.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
  assert.deepEqual(codes({ key: good.key, cert: garbled }), ["TLS_CERT_UNREADABLE"]);
  assert.deepEqual(codes({ key: good.key, cert: good.cert.slice(0, -40) }), ["TLS_PEM_TRUNCATED"]);
});

test("reports a chain of which one certificate cannot be read", () => {
  const garbled = intermediate.cert.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");

  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert + garbled }), ["TLS_CERT_UNREADABLE"]);
});

test("reports a missing, an unreadable, a cut-off, an encrypted and a foreign key", () => {
  const encrypted = createPrivateKey(good.key)
    .export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: randomBytes(16).toString("hex"),
    })
    .toString();

  assert.deepEqual(codes({ key: "", cert: good.cert }), ["TLS_KEY_MISSING"]);
  assert.deepEqual(codes({ key: "garbage", cert: good.cert }), ["TLS_KEY_UNREADABLE"]);
  assert.deepEqual(codes({ key: good.key.slice(0, -40), cert: good.cert }), ["TLS_PEM_TRUNCATED"]);
  assert.deepEqual(codes({ key: encrypted, cert: good.cert }), ["TLS_KEY_ENCRYPTED"]);
  assert.deepEqual(codes({ key: leaf.key, cert: good.cert }), ["TLS_KEY_MISMATCH"]);
});

test("reports CRLF line ends in the certificate and in the key", () => {
  assert.deepEqual(codes({ key: good.key, cert: good.cert.replaceAll("\n", "\r\n") }), ["TLS_PEM_CRLF"]);
  assert.deepEqual(codes({ key: good.key.replaceAll("\n", "\r\n"), cert: good.cert }), ["TLS_PEM_CRLF"]);
});

test("judges the validity by the clock it is given, with five minutes for clocks that differ", async () => {
  const notBefore = new Date("2030-01-01T00:00:00Z");
  const notAfter = new Date("2030-03-01T00:00:00Z");
  const pair = await issue({ notBefore, notAfter });
  const at = (now: number) => codes(pair, { now });

  assert.deepEqual(at(notBefore.getTime() - 5 * 60_000 - 1), ["TLS_CERT_NOT_YET_VALID"]);
  assert.deepEqual(at(notBefore.getTime() - 5 * 60_000), []);
  assert.deepEqual(at(notAfter.getTime() - 1), []);
  assert.deepEqual(at(notAfter.getTime()), ["TLS_CERT_EXPIRED"]);
  assert.equal(inspectCertificate(pair, { now: notAfter.getTime() + 1 }).daysLeft, -1);
});

test("reports an expired intermediate, which ends the chain as surely as an expired leaf", async () => {
  const ended = await issue({
    name: "CN=ended",
    isCa: true,
    issuer: root,
    notBefore: new Date(Date.now() - 2 * DAY_MS),
    notAfter: new Date(Date.now() - DAY_MS),
  });
  const child = await issue({ issuer: ended });

  assert.deepEqual(codes({ key: child.key, cert: child.cert + ended.cert }), ["TLS_CERT_EXPIRED"]);
});

test("reports a certificate with fewer days left than asked for", () => {
  assert.deepEqual(codes(good, { minDaysLeft: 89 }), []);
  assert.deepEqual(codes(good, { minDaysLeft: 90 }), ["TLS_CERT_EXPIRES_SOON"]);
});

test("reports hosts and addresses that the certificate does not name, and ignores the common name", async () => {
  const wild = await issue({ name: "CN=common.example", hosts: ["*.example.org", "xn--bcher-kva.example"] });

  assert.deepEqual(codes(wild, { hosts: ["a.example.org", "bücher.example"] }), []);
  assert.deepEqual(codes(wild, { hosts: ["common.example"] }), ["TLS_CERT_WRONG_HOST"]);
  assert.deepEqual(codes(wild, { hosts: ["a.b.example.org"] }), ["TLS_CERT_WRONG_HOST"]);
  assert.deepEqual(codes(good, { hosts: ["127.0.0.2"] }), ["TLS_CERT_WRONG_HOST"]);
});

test("reports a CA's certificate and one for clients only", async () => {
  const authority = await issue({ isCa: true });
  const client = await issue({ uses: [CLIENT_AUTH] });
  const anyUse = await issue({ uses: [] });

  assert.deepEqual(codes(authority), ["TLS_CERT_IS_CA"]);
  assert.deepEqual(codes(client), ["TLS_CERT_NOT_FOR_SERVERS"]);
  assert.deepEqual(codes(anyUse), []);
});

test("reports an RSA key below 2048 bits", async () => {
  assert.deepEqual(codes(await issue({ algorithm: "rsa1024" })), ["TLS_KEY_WEAK"]);
  assert.deepEqual(codes(await issue({ algorithm: "rsa2048" })), []);
});

test("reports signatures with SHA-1 anywhere in a chain, and none of a certificate that signed itself", async () => {
  const authority = await issue({ isCa: true, name: "CN=old root", algorithm: "p256sha1" });
  const between = { isCa: true, name: "CN=between", issuer: authority } as const;
  const [sound, weak] = [await issue(between), await issue({ ...between, signedWith: "p256sha1" })];
  const [underSound, underWeak] = [await issue({ issuer: sound }), await issue({ issuer: weak })];

  assert.deepEqual(codes(underSound.cert + sound.cert + authority.cert), []);
  assert.deepEqual(codes(underWeak.cert + weak.cert), ["TLS_CERT_WEAK_SIGNATURE"]);
  assert.deepEqual(codes(await issue({ algorithm: "p256sha1" })), []);
});

test("reports no SHA-1 by which an older root has signed one that clients know: they never look at it", async () => {
  const older = await issue({ isCa: true, name: "CN=older", algorithm: "p256sha1" });
  const cross = { isCa: true, name: root.name, issuer: older, signedWith: "p256sha1" } as const;
  const [known, namesake] = [await issue({ ...cross, keys: root.keys }), await issue(cross)];
  const weakBelow = (crossed: Issued) =>
    checkSignatures(
      [leaf, intermediate, crossed].map(({ cert }) => new X509Certificate(cert)),
      () => [good.cert, root.cert],
    ).map(({ code }) => code);

  assert.deepEqual(weakBelow(known), []);
  assert.deepEqual(weakBelow(namesake), ["TLS_CERT_WEAK_SIGNATURE"]);
  // No client of the public has this root.
  assert.deepEqual(codes(leaf.cert + intermediate.cert + known.cert), ["TLS_CERT_WEAK_SIGNATURE"]);
});

test("reports a reversed chain as that and as nothing else, with and without the key", () => {
  const reversed = root.cert + intermediate.cert + leaf.cert;

  assert.deepEqual(codes({ key: leaf.key, cert: reversed }), ["TLS_CHAIN_REVERSED"]);
  assert.deepEqual(codes(reversed), ["TLS_CHAIN_REVERSED"]);
});

test("reports a chain with a gap, and one whose issuer has only the name or only the key", async () => {
  const renamed = await issue({ name: "CN=renamed", isCa: true, keys: intermediate.keys });
  const impostor = await issue({ name: "CN=intermediate", isCa: true });

  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert + root.cert }), ["TLS_CHAIN_BROKEN"]);
  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert + impostor.cert }), ["TLS_CHAIN_BROKEN"]);
  assert.deepEqual(codes({ key: leaf.key, cert: leaf.cert + renamed.cert }), ["TLS_CHAIN_BROKEN"]);
});

test("reports several problems at once, the root cause first", async () => {
  const ended = await issue({ notAfter: new Date(Date.now() - 1_000), hosts: ["other.example"] });

  assert.deepEqual(codes(ended, { hosts: ["localhost"] }), ["TLS_CERT_EXPIRED", "TLS_CERT_WRONG_HOST"]);
});
