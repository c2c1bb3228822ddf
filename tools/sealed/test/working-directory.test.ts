import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { REPOSITORY } from "../src/repository.ts";
import { callersDirectory } from "../src/working-directory.ts";
import { emptyAccount } from "./support/aws.ts";
import { fakeBalancer, newKey } from "./support/cloud/fake-balancer.ts";
import { sealed } from "./support/harness.ts";

const WORKSPACE = join(REPOSITORY, "tools/sealed");
const directory = mkdtempSync(join(tmpdir(), "sealed-cwd-"));
after(() => rmSync(directory, { recursive: true }));
const world = { workingDirectory: directory };

for (const [how, environment, startedIn, expected] of [
  ["started by a person", {}, "/home/me", "/home/me"],
  ["started by turbo", { TURBO_INVOCATION_DIR: "/home/me", INIT_CWD: WORKSPACE }, WORKSPACE, "/home/me"],
  ["started by npm in the workspace", { INIT_CWD: "/home/me" }, WORKSPACE, "/home/me"],
  ["started by a person in the workspace", {}, WORKSPACE, WORKSPACE],
  ["started elsewhere by a script under turbo", { TURBO_INVOCATION_DIR: "/home/me" }, "/srv", "/srv"],
] as const) {
  test(`${how}, a relative path is one of ${expected}`, () => {
    assert.equal(callersDirectory(environment, startedIn), expected);
  });
}

test("backend-auth takes a file of the caller's folder, and says where it looked for one that is missing", async () => {
  fakeBalancer();
  copyFileSync(newKey().file, join(directory, "app.pem"));

  const found = await sealed("backend-auth attach app.pem --load-balancer lb", world);
  const missing = await sealed("backend-auth rotate --add absent.pem --load-balancer lb", world);

  assert.equal(found.exitCode, 0);
  assert.ok(missing.errors.includes(`error: ${directory}/absent.pem cannot be read (ENOENT)`));
});

test("verify takes its authorities from the caller's folder, and writes its report there", async () => {
  writeFileSync(join(directory, "empty.pem"), "");

  const { errors } = await sealed("verify https://localhost:1 --ca empty.pem", world);
  const { exitCode, output } = await sealed("verify https://localhost:1 --report evidence.html", world);

  assert.ok(errors.includes(`--ca: ${directory}/empty.pem must hold certificates`));
  assert.equal(exitCode, 3);
  assert.ok(output.includes(`report  ${directory}/evidence.html\n`));
});

test("synth writes its templates below the caller's folder", async () => {
  emptyAccount();

  const { output } = await sealed("synth --json --out templates", world);

  assert.equal(JSON.parse(output).directory, join(directory, "templates"));
});

test("turbo, which starts the command elsewhere, passes the caller's folder on", async () => {
  const turbo = join(REPOSITORY, "node_modules/.bin/turbo");

  const output = await new Promise<string>((resolve) => {
    const args = ["run", "backend-auth", "--", "attach", "absent.pem"];
    execFile(turbo, args, { cwd: REPOSITORY }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });

  assert.ok(output.includes(`error: ${REPOSITORY}/absent.pem cannot be read (ENOENT)`), output);
});
