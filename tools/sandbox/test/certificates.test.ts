import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PrivateCa, privateCa } from "@sealed/servers";
import { instanceCertificate } from "../src/certificates.ts";
import { type SandboxPaths, sandboxPaths } from "../src/paths.ts";

let paths: SandboxPaths;
let ca: PrivateCa;

before(async () => {
  paths = sandboxPaths(await mkdtemp(join(tmpdir(), "sealed-certificates-")));
  ca = await privateCa({ dir: paths.directory });
});
after(() => rm(paths.directory, { recursive: true, force: true }));

test("behind an ALB every instance makes its own certificate", async () => {
  assert.equal(await instanceCertificate("alb-reencrypt", paths, ca), undefined);
  assert.equal(await instanceCertificate("alb-terminate", paths, ca), undefined);
});

test("the pinned key pair is self-signed, kept over starts and readable by its owner only", async () => {
  const first = await instanceCertificate("clb-backend-auth", paths, ca);
  const second = await instanceCertificate("clb-backend-auth", paths, ca);

  assert.ok(first);
  assert.deepEqual(second, first);
  const certificate = new X509Certificate(first.certificatePem);
  assert.equal(certificate.issuer, certificate.subject);
  assert.equal((await stat(first.keyFile)).mode & 0o777, 0o600);
});

test("a pinned certificate that ends soon is made anew for the same key", async () => {
  const first = await instanceCertificate("clb-backend-auth", paths, ca);
  assert.ok(first);
  const ending = await ca.issue({ keyPem: first.keyPem, selfSigned: true, days: 20 });
  await writeFile(first.certificateFile, ending.certificatePem);

  const renewed = await instanceCertificate("clb-backend-auth", paths, ca);

  assert.equal(renewed?.keyPem, first.keyPem);
  assert.notEqual(renewed?.certificatePem, ending.certificatePem);
});

test("where clients check the app's certificate it comes from the private CA", async () => {
  const issued = await instanceCertificate("nlb-passthrough", paths, ca);

  const authority = new X509Certificate(ca.certificatePem);
  assert.ok(new X509Certificate(issued?.certificatePem ?? "").verify(authority.publicKey));
});
