import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { defaultDirectory, privateCa } from "@sealed/servers";
import { type KeyPair, rsaKeyPair } from "../src/rsa-certificate.ts";
import { findSslscan, runSslscan } from "../src/run-sslscan.ts";
import { startApp } from "../src/targets.ts";

const HOST = "localhost";
const scanner = await findSslscan(defaultDirectory);
const rsa = await rsaKeyPair(HOST);

async function ecdsaKeyPair(): Promise<KeyPair> {
  const { keyPem, certificatePem } = await (await privateCa({ dir: defaultDirectory })).issue({
    hosts: [HOST],
  });
  return { key: keyPem, cert: certificatePem };
}

for (const [kind, keyPair] of [
  ["an ECDSA", await ecdsaKeyPair()],
  ["an RSA", rsa],
] as const) {
  test(`sslscan finds nothing in the app with ${kind} certificate`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "scan-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true }));
    const port = await startApp("app", keyPair, { folder }, stack);

    assert.deepEqual(await runSslscan(scanner, { host: HOST, port }), []);
  });
}

test("sslscan finds CBC, static RSA and an old protocol where they are on", async (t) => {
  const options = { ...rsa, minVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const server = createServer(options).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const findings = await runSslscan(scanner, { host: HOST, port });

  assert.ok(findings.includes("tls 1.1 is on"));
  assert.ok(findings.includes("TLSv1.2 ECDHE-RSA-AES128-SHA256 has no authenticated encryption"));
  assert.ok(findings.includes("TLSv1.2 AES128-GCM-SHA256 has no forward secrecy"));
});
