import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import fc from "fast-check";
import { inspectCertificate, selfSigned } from "../../src/index.ts";
import { asAsked, furtherFaults, hostLists, openSslVerdict } from "../support/oracle.ts";

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "sealed-oracle-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("OpenSSL accepts what is made for any list of hosts and addresses", async (t) => {
  const file = join(await folder(t), "cert.pem");

  await fc.assert(
    fc.asyncProperty(hostLists, async (hosts) => {
      const { cert } = await selfSigned({ hosts }).load();
      assert.equal(await openSslVerdict(cert, hosts.at(-1) ?? "", file), "OK");
    }),
    { numRuns: 200 },
  );
});

test("OpenSSL refuses it for a host that is not in the list", async (t) => {
  const file = join(await folder(t), "cert.pem");

  const { cert } = await selfSigned({ hosts: ["a.example", "10.0.0.1"] }).load();

  assert.match(await openSslVerdict(cert, "b.example", file), /hostname mismatch/i);
  assert.match(await openSslVerdict(cert, "10.0.0.2", file), /IP address mismatch/i);
});

test("nothing in what is made for any list of hosts is minded by stricter readers", async () => {
  await fc.assert(
    fc.asyncProperty(hostLists, async (hosts) => {
      const material = await selfSigned({ hosts }).load();
      assert.deepEqual(furtherFaults(new X509Certificate(material.cert)), []);
      assert.deepEqual(inspectCertificate(material, { hosts: hosts.map(asAsked) }).problems, []);
    }),
    { numRuns: 100 },
  );
});
