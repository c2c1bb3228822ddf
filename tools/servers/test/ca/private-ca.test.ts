import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type PrivateCa, privateCa } from "../../src/ca/index.ts";

const run = promisify(execFile);
let dir: string;
let ca: PrivateCa;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "sealed-ca-"));
  ca = await privateCa({ dir });
});
after(() => rm(dir, { recursive: true, force: true }));

async function opensslVerify(certificatePem: string, caFile: string, host: string): Promise<string> {
  const file = join(dir, "leaf.pem");
  await writeFile(file, certificatePem);
  const flags = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", host, "-CAfile", caFile];
  return (await run("openssl", ["verify", ...flags, file])).stdout;
}

test("issues certificates that OpenSSL accepts under its strict profile, for the host and no other", async () => {
  const { certificatePem } = await ca.issue();

  assert.match(await opensslVerify(certificatePem, ca.caFile, "localhost"), /: OK/);
  await assert.rejects(opensslVerify(certificatePem, ca.caFile, "example.test"), /hostname mismatch/i);
});

test("issues certificates on P-256 with the key that fits, the addresses of the loopback and a serial of their own", async () => {
  const [first, second] = await Promise.all([ca.issue(), ca.issue()]);

  const certificate = new X509Certificate(first.certificatePem);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  assert.ok(certificate.checkPrivateKey((await import("node:crypto")).createPrivateKey(first.keyPem)));
  assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(certificate.checkIP("::1"), "::1");
  assert.equal(certificate.ca, false);
  assert.notEqual(certificate.serialNumber, new X509Certificate(second.certificatePem).serialNumber);
});

test("keeps a given key and a given period", async () => {
  const keyPem = generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();

  const issued = await ca.issue({
    keyPem,
    hosts: ["app.test"],
    notBefore: new Date("2020-01-01T00:00:00Z"),
    notAfter: new Date("2020-02-01T00:00:00Z"),
  });

  const certificate = new X509Certificate(issued.certificatePem);
  assert.equal(issued.keyPem, keyPem);
  assert.equal(certificate.subject, "CN=app.test");
  assert.equal(certificate.validToDate.toISOString(), "2020-02-01T00:00:00.000Z");
  await assert.rejects(
    opensslVerify(issued.certificatePem, ca.caFile, "app.test"),
    /certificate has expired/,
  );
});

test("a self-signed certificate is trusted by nobody but those who pinned it", async () => {
  const { certificatePem } = await ca.issue({ selfSigned: true });
  const pin = join(dir, "pin.pem");
  await writeFile(pin, certificatePem);

  await assert.rejects(opensslVerify(certificatePem, ca.caFile, "localhost"), /self[- ]signed/);
  assert.match(await opensslVerify(certificatePem, pin, "localhost"), /: OK/);
});

test("is made once, also by two callers at the same time, and its key is readable by its owner only", async (t) => {
  const shared = await mkdtemp(join(tmpdir(), "sealed-ca-"));
  t.after(() => rm(shared, { recursive: true, force: true }));

  const [one, other] = await Promise.all([privateCa({ dir: shared }), privateCa({ dir: shared })]);
  const later = await privateCa({ dir: shared });

  assert.equal(one.certificatePem, other.certificatePem);
  assert.equal(later.certificatePem, one.certificatePem);
  assert.equal((await stat(join(shared, "ca", "ca.key"))).mode & 0o777, 0o600);
});

test("another directory has another authority, whose certificates the first does not accept", async (t) => {
  const elsewhere = await mkdtemp(join(tmpdir(), "sealed-ca-"));
  t.after(() => rm(elsewhere, { recursive: true, force: true }));

  const stranger = await privateCa({ dir: elsewhere, name: "Another CA" });
  const { certificatePem } = await stranger.issue();

  assert.equal(new X509Certificate(stranger.certificatePem).subject, "CN=Another CA");
  await assert.rejects(opensslVerify(certificatePem, ca.caFile, "localhost"), /unable to get local issuer/);
});
