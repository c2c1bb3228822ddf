import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { selfSigned } from "../../src/index.ts";
import { furtherFaults, hostLists, openSslVerdict } from "../support/oracle.ts";

test("OpenSSL and stricter readers accept what is made for 5,000 lists of hosts and addresses", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "sealed-oracle-"));
  t.after(() => rm(dir, { recursive: true, force: true }));

  await fc.assert(
    fc.asyncProperty(hostLists, async (hosts) => {
      const { cert } = await selfSigned({ hosts }).load();
      assert.equal(await openSslVerdict(cert, hosts.at(-1) ?? "", join(dir, "cert.pem")), "OK");
      assert.deepEqual(furtherFaults(new X509Certificate(cert)), []);
    }),
    { numRuns: 5_000 },
  );
});
