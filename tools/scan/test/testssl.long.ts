import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { defaultDirectory } from "@sealed/servers";
import { rsaKeyPair } from "../src/rsa-certificate.ts";
import { findTestssl, runTestssl } from "../src/run-testssl.ts";
import { startApp } from "../src/targets.ts";

const HOST = "localhost";

test("testssl.sh", { concurrency: 2 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "scan-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true }));
  const testssl = await findTestssl(defaultDirectory, folder);
  // RSA, since it makes more suites usable.
  const keyPair = await rsaKeyPair(HOST);
  const look = (port: number) =>
    runTestssl(testssl, { host: HOST, port, reportFile: join(folder, `${port}.json`) });

  const app = t.test("finds nothing in the app", async () => {
    const port = await startApp("app", keyPair, { folder: join(folder, "app") }, stack);

    assert.deepEqual(await look(port), []);
  });
  const oldServer = t.test(
    "finds TLS 1.1, CBC, static RSA and what they are vulnerable to where they are on",
    async () => {
      const old = { ...keyPair, minVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
      const server = createServer(old).listen(0, "127.0.0.1");
      stack.defer(() => void server.close());
      await once(server, "listening");

      const findings = (await look((server.address() as AddressInfo).port)).join("\n");

      assert.match(findings, /^TLS1_1: offered/m);
      assert.match(findings, /AES128-SHA has no authenticated encryption/);
      assert.match(findings, /AES128-GCM-SHA256 has no forward secrecy/);
      assert.match(findings, /vulnerable/i);
    },
  );
  await Promise.all([app, oldServer]);
});
