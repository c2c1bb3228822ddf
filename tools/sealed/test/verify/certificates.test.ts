import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { IssuedCertificate } from "@sealed/servers";
import { type CertificateChain, certificateChain } from "../support/verify/certificate-chain.ts";
import { type Claims, startClaiming } from "../support/verify/claiming.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { rsaCertificate } from "../support/verify/rsa-certificate.ts";
import { type Verified, verify } from "../support/verify/verified.ts";

const DAY_MS = 86_400_000;

const { directory, ca } = await ownAuthority();
let files = 0;

/** Verifies an address where nothing but the certificate may be wrong. */
async function verifyWith(
  certificate: IssuedCertificate,
  caFile = ca.caFile,
  front: Claims["front"] = {},
): Promise<Verified> {
  await using path = await startClaiming({ topology: "single-instance", certificate, front });
  return await verify(`${path.url} --ca ${caFile}`);
}

async function verifyChain({ root, chain }: CertificateChain): Promise<Verified> {
  const caFile = join(directory, `root-${++files}.pem`);
  await writeFile(caFile, root);
  return await verifyWith(chain, caFile);
}

test("an RSA key of 1024 bits is named", async () => {
  const tls = { ciphers: "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0" };

  const found = await verifyWith(await rsaCertificate(1_024), ca.caFile, { tls });

  assert.ok(found.wrong.includes("client-lb certificate-key"));
  assert.equal(found.seen("certificate-key"), "RSA 1024");
});

test("a certificate of tomorrow is named, and one that ends in two days is noted", async () => {
  const tomorrow = new Date(Date.now() + DAY_MS);

  const notYet = await verifyWith(await ca.issue({ notBefore: tomorrow }));
  const soon = await verifyWith(await ca.issue({ days: 2 }));

  assert.match(notYet.seen("certificate-validity"), /^valid only from /);
  assert.equal(notYet.exitCode, 1);
  assert.deepEqual(soon.wrong, []);
  assert.deepEqual(soon.noted, ["client-lb certificate-validity"]);
});

test("a whole chain is well, and one without its intermediate certificate is named", async () => {
  const whole = await certificateChain();
  const [leaf = ""] = whole.chain.certificatePem.split(/(?<=-----END CERTIFICATE-----\n?)/);

  const good = await verifyChain(whole);
  const part = await verifyChain({ ...whole, chain: { ...whole.chain, certificatePem: leaf } });

  assert.deepEqual(good.wrong, []);
  assert.deepEqual(part.wrong, ["client-lb certificate-chain"]);
  assert.match(part.seen("certificate-chain"), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
});

test("a certificate further up the chain that has expired is named as who signed", async () => {
  const found = await verifyChain(
    await certificateChain({ intermediateEnds: new Date(Date.now() - DAY_MS) }),
  );

  assert.deepEqual(found.wrong, ["client-lb certificate-chain"]);
  assert.match(found.seen("certificate-chain"), /CERT_HAS_EXPIRED/);
  assert.equal(found.exitCode, 1);
});

test("a signature by way of SHA-1 is named", async () => {
  const found = await verifyChain(await certificateChain({ leafHash: "SHA-1" }));

  assert.deepEqual(found.wrong, ["client-lb certificate-chain"]);
  assert.match(found.seen("certificate-chain"), /too weak for OpenSSL, such as a signature by way of SHA-1/);
});

test("a name that stands in the subject alone is no name: browsers do not read it there", async () => {
  const found = await verifyChain(await certificateChain({ alternativeNames: [] }));

  assert.deepEqual(found.wrong, ["client-lb certificate-name"]);
  assert.equal(found.seen("certificate-name"), "no name at all");
});
