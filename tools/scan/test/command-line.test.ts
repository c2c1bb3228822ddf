import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function scan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("--help says what is scanned and what the exit codes mean", () => {
  const { status, stdout } = scan("--help");

  assert.equal(status, 0);
  assert.match(stdout, /^usage: npm run scan\n/);
  assert.match(stdout, /0 nothing found, 1 a finding, 2 wrong arguments, 3 it could not be scanned/);
});

test("any other argument ends with 2", () => {
  const { status, stderr } = scan("--fast");

  assert.equal(status, 2);
  assert.match(stderr, /^usage:/);
});
