import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { sealed } from "./support/harness.ts";
import { folder, sealedProcess } from "./support/process.ts";
import { CREDENTIALS, identityXml } from "./support/sts-server.ts";
import { ACCOUNT } from "./support/world.ts";

/** An address where STS says who asks, and nothing else is ever answered. */
async function startSilence(answers = 1) {
  let asked: () => void = assert.fail;
  const unanswered = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let left = answers;
  const server = createServer((request, response) => {
    // The clock's question comes first, and carries no signature.
    if (request.method === "HEAD") response.end();
    else if (left-- > 0) response.setHeader("content-type", "text/xml").end(identityXml(ACCOUNT));
    else asked();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: { ...CREDENTIALS, AWS_ENDPOINT_URL: url },
    unanswered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const key = join(folder, "app.pem");
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
writeFileSync(key, publicKey.export({ format: "pem", type: "spki" }));

for (const command of [
  "deploy",
  "status",
  "audit",
  "audit --load-balancer lb",
  "lockdown --apply",
  "backend-auth show",
  "backend-auth show --load-balancer lb",
  `backend-auth attach ${key} --apply`,
  "verify --deployed",
  "destroy",
  "doctor --aws",
]) {
  test(`Ctrl-C while AWS leaves ${command.replace(key, "FILE")} without an answer ends it with 130, and nothing was changed`, async () => {
    await using silence = await startSilence();
    const { environment, unanswered: interrupt } = silence;

    const { exitCode, errors } = await sealedProcess(command.split(" "), { environment, interrupt });

    assert.equal(exitCode, 130);
    const says = /^(deploy|destroy|lockdown|backend-auth)/.test(command)
      ? /^error: stopped before anything was changed in AWS$/m
      : /^error: stopped before its end; this command only looks, and changes nothing in AWS$/m;
    assert.match(errors, says);
  });
}

for (const [signal, exitCode] of [
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  test(`${signal} ends a command with ${exitCode}, in its document too`, async () => {
    await using silence = await startSilence(0);
    const { environment, unanswered: interrupt } = silence;

    const ended = await sealedProcess(["status", "--json"], { environment, interrupt, signal });

    const { error, exitCode: told } = JSON.parse(ended.output);
    assert.deepEqual([ended.exitCode, told, error.code], [exitCode, exitCode, "SEALED_INTERRUPTED"]);
  });
}

test("Ctrl-C ends verify while an address gives no answer", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const interrupt = once(silent, "connection");
  const { port } = silent.address() as AddressInfo;

  const { exitCode, errors } = await sealedProcess(["verify", `https://localhost:${port}`], { interrupt });
  silent.closeAllConnections();
  silent.close();

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped before its end; this command only looks/);
});

test("Ctrl-C while cost writes its templates changes nothing", async () => {
  const stop = new AbortController();
  const templatesOf = () => {
    stop.abort();
    return [];
  };

  const { exitCode, errors } = await sealed("cost", { signal: stop.signal, templatesOf });

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped: nothing was changed/);
});
