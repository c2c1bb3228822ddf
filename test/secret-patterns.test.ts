import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { findSecrets } from "./secret-patterns.ts";

const planted = {
  token: `X-Amz-Signature=${randomBytes(32).toString("hex")}`,
  session: `X-Amz-Security-Token=${randomBytes(24).toString("hex")}`,
  key: `-----BEGIN EC ${"PRIVATE KEY"}-----\n${randomBytes(48).toString("base64")}`,
  password: `MadeUp${"Secret"}${randomBytes(12).toString("hex")}`,
};

/** Runs the repository's own runner on one test file with the given body. */
function runSuite(body: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "suite-"));
  try {
    const file = join(folder, "one.test.ts");
    writeFileSync(file, `import test from "node:test";\n${body}`);
    const runner = new URL("run.ts", import.meta.url).pathname;
    // Without the parent's test context, or the inner runner would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...clean } = process.env;
    return spawnSync(process.execPath, [runner, "one.test.ts"], {
      cwd: folder,
      env: { ...clean, CI: "false", ...env },
      encoding: "utf8",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("finds each shape of secret, and names it without repeating it", () => {
  for (const secret of Object.values(planted)) {
    const names = findSecrets(`before ${secret} after`);

    assert.equal(names.length, 1, `one name for ${secret.slice(0, 16)}...`);
    assert.ok(!names.join().includes(secret));
  }
  assert.deepEqual(findSecrets("X-Amz-Signature is left out, and so is a PUBLIC KEY"), []);
});

test("a secret that a passing test prints fails the whole suite", () => {
  const half = Math.floor(planted.token.length / 2);
  const clean = runSuite(`test("prints", () => console.log("harmless"));`);
  const leaking = runSuite(
    `test("prints", () => console.log("${planted.token.slice(0, half)}" + "${planted.token.slice(half)}"));`,
  );

  assert.equal(clean.status, 0, clean.stdout);
  assert.match(clean.stdout, /^1 passed, 0 failed, 0 skipped$/m);
  assert.equal(leaking.status, 1);
  assert.match(leaking.stdout, /the output of the suite holds a signed RDS token/);
  assert.match(leaking.stdout, /^1 passed, 1 failed, 0 skipped$/m);
});

test("a skipped test is named with its reason, and fails the suite in CI", () => {
  const body = `test("runs", () => {}); test("waits", { skip: "needs a browser" }, () => {});`;
  const here = runSuite(body);
  const inCi = runSuite(body, { CI: "true" });

  assert.equal(here.status, 0, here.stdout);
  assert.match(here.stdout, /^skipped: waits \(needs a browser\)$/m);
  assert.match(here.stdout, /^1 passed, 0 failed, 1 skipped$/m);
  assert.equal(inCi.status, 1);
});

test("a failing test, and a suite without any test, fail the run", () => {
  assert.equal(runSuite(`test("fails", () => { throw new Error("as it should"); });`).status, 1);
  assert.equal(runSuite("").status, 1);
});

test("a test that connects to another machine fails", () => {
  const result = runSuite(
    `import { connect } from "node:net";\ntest("leaves", () => { connect(9, "192.0.2.1"); });`,
  );

  assert.equal(result.status, 1);
  assert.match(result.stdout, /a test tried to connect to 192\.0\.2\.1/);
});
