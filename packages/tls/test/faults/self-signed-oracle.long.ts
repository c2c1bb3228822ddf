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

  const accepted = (lane: number) =>
    fc.asyncProperty(hostLists, async (hosts) => {
      const { cert } = await selfSigned({ hosts }).load();
      assert.equal(await openSslVerdict(cert, hosts.at(-1) ?? "", join(dir, `cert-${lane}.pem`)), "OK");
      assert.deepEqual(furtherFaults(new X509Certificate(cert)), []);
    });

  // Most of the time goes to starting `openssl`: two lanes keep both cores at it.
  await Promise.all([1, 2].map((lane) => fc.assert(accepted(lane), { numRuns: 2_500 })));
});
