import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createConnection } from "mysql2/promise";
import { startInstanceLike } from "../support/verify/app-instance.ts";
import { assertOpen, brokenPaths } from "../support/verify/broken-paths.ts";
import { startFront } from "../support/verify/front.ts";
import { type Verified, verify } from "../support/verify/verified.ts";

// A safety net against a hang; each test takes about a second.
const timeout = 120_000;

const paths = brokenPaths();

async function administer(statement: string): Promise<void> {
  const { adminSocket } = paths.sandbox.state.database;
  const connection = await createConnection({ socketPath: adminSocket, user: userInfo().username });
  await connection.query(statement);
  await connection.end();
}

test("somebody between load balancer and app is noticed by a fingerprint that nobody published", {
  timeout,
}, async () => {
  const [first] = paths.sandbox.state.instances;
  await using between = await paths.startPath({ behind: [first?.url ?? ""] });
  await using path = await paths.startPath({ behind: [between.url] });

  const found = await paths.verifyAt(path.url, "", [between.url]);

  assertOpen(found, ["lb-app fingerprint app-1"]);
});

test("a database that takes plain connections is named, until it refuses them again", {
  timeout,
}, async () => {
  // Instances look at their database once a second at most: the test's own timeout is the limit.
  const localOnce = async (verdict: string): Promise<Verified> => {
    const found = await verify("", { sandboxDirectory: paths.directory });
    return found.verdict === verdict && found.wrong.length % 4 === 0 ? found : await localOnce(verdict);
  };
  await administer("SET GLOBAL require_secure_transport = OFF");
  const open = await localOnce("open");
  await administer("SET GLOBAL require_secure_transport = ON");

  assertOpen(open, [
    "app-db as-the-app-sees-it app-1",
    "app-db database-enforces-tls app-1",
    "app-db as-the-app-sees-it app-2",
    "app-db database-enforces-tls app-2",
  ]);
  assert.equal((await localOnce("sealed")).exitCode, 0);
});

test("of two instances the one that speaks plain HTTP is named, and not the other", { timeout }, async () => {
  const [first, second] = paths.sandbox.state.instances.map((one) => one.url);
  assert.ok(first !== undefined && second !== undefined);
  await using path = await paths.startPath();
  await using bad = await startFront({ behind: [second], host: new URL(paths.sandbox.state.url).host });

  const found = await paths.verifyAt(path.url, "", [first, bad.url]);

  assertOpen(found, ["lb-app encrypted app-2"]);
  assert.equal(found.seen("encrypted"), "answers in plain HTTP");
  const claimed = await paths.verifyAt(path.url, "", [first, `https://localhost:${bad.port}`]);
  assertOpen(claimed, [`lb-app encrypted localhost:${bad.port}`, "lb-app fingerprint app-2"]);
  assert.match(claimed.seen("encrypted"), /^no TLS: /);
});

test("of two instances the one that accepts TLS 1.1 is named, and its suites", { timeout }, async () => {
  const [first, second] = paths.sandbox.state.instances.map((one) => one.url);
  assert.ok(first !== undefined && second !== undefined);
  await using path = await paths.startPath();
  const tls = { minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
  await using bad = await paths.startPath({ behind: [second], tls });

  const found = await paths.verifyAt(path.url, "", [first, bad.url]);

  assertOpen(found, [
    "lb-app protocol-floor app-2",
    "lb-app cipher-suites app-2",
    "lb-app fingerprint app-2",
  ]);
});

test("of two instances the one that gets no requests is named", { timeout }, async () => {
  const { instances, caFile } = paths.sandbox.state;
  await using path = await paths.startPath({ behind: [instances[0]?.url ?? ""] });
  const described = await mkdtemp(join(paths.directory, "state-"));
  const state = { url: path.url, topology: "alb-reencrypt", caFile, instances };
  await writeFile(join(described, "state.json"), JSON.stringify(state));

  const found = await verify("", { sandboxDirectory: described });

  assertOpen(found, ["lb-app instances"]);
  assert.equal(found.seen("instances"), "never answered: app-2");
});

test("an app whose hops page is off is not called sealed", { timeout }, async () => {
  const [first] = paths.sandbox.state.instances;
  await using instance = await startInstanceLike(first?.pid ?? 0, {
    HOPS_PAGE: "off",
    INSTANCE_NAME: "app-3",
  });
  await using path = await paths.startPath({ behind: [instance.url] });

  const found = await paths.verifyAt(path.url, "", [instance.url]);

  assertOpen(found, ["lb-app hops-page"]);
  assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "open", "app-db": "unreached" });
});
