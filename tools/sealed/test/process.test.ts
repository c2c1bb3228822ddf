import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { folder, sealedProcess } from "./support/process.ts";
import { CREDENTIALS, startSts } from "./support/sts-server.ts";

const { output: overview } = await sealedProcess(["--help"]);
const [, list = ""] = overview.split("Commands:\n");
const commands = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
  .map(([, name = ""]) => name)
  .filter((name) => name !== "help");

test("the overview has the commands that deploy and those that operate", () => {
  for (const command of [
    "deploy",
    "destroy",
    "doctor",
    "verify",
    "audit",
    "lockdown",
    "backend-auth",
    "cost",
  ]) {
    assert.ok(commands.includes(command), command);
  }
});

for (const command of commands) {
  test(`sealed ${command} --help answers without loading a client of the SDK`, async (t) => {
    const file = join(folder, `${command}.txt`);
    const preload = join(import.meta.dirname, "support/loaded-modules.ts");
    const startMs = performance.now();

    const { exitCode, output } = await sealedProcess([command, "--help"], {
      nodeOptions: ["--import", preload],
      environment: { LOADED_MODULES_FILE: file },
    });

    t.diagnostic(`${Math.round(performance.now() - startMs)} ms`);
    assert.equal(exitCode, 0);
    assert.match(output, new RegExp(`^Usage: sealed ${command} `));
    assert.deepEqual(readFileSync(file, "utf8").split("\n"), ["commander"]);
  });
}

test("without credentials the process says so, with a document of its own on standard output", async () => {
  const { exitCode, output, errors } = await sealedProcess(["deploy", "--json"]);

  assert.equal(exitCode, 3);
  assert.equal(JSON.parse(output).error.code, "SEALED_CREDENTIALS_MISSING");
  assert.match(errors, /no AWS credentials were found[\s\S]*run: aws configure sso/);
});

test("the account that AWS names is compared with the configured one by the process as it is", async () => {
  await using sts = await startSts("999988887777");

  const { exitCode, output, errors } = await sealedProcess(["destroy", "--json"], sts);

  assert.equal(exitCode, 2);
  assert.equal(JSON.parse(output).error.code, "SEALED_ACCOUNT_REFUSED");
  assert.match(errors, /account 999988887777/);
});

test("a call that AWS throttles is repeated by the SDK, and told once", async () => {
  await using sts = await startSts("999988887777", 2);

  const { exitCode, output } = await sealedProcess(["diff"], sts);

  assert.equal(sts.calls(), 3);
  assert.equal(exitCode, 2);
  assert.equal(output.split("AWS asks for fewer requests a second").length, 2);
});

test("a reader that closes the pipe early ends neither the work nor changes its exit code", async () => {
  const program = [process.execPath, join(import.meta.dirname, "../bin/sealed.ts"), "help", "bogus"];
  // The pipe is closed before the first write: `true` reads nothing.
  const piped = 'exec 3>&2; (sleep 0.2; "$@" 2>&1; echo "ended with $?" >&3) | true; wait';

  const { status, stderr } = spawnSync("bash", ["-c", piped, "bash", ...program], { encoding: "utf8" });

  assert.equal(status, 0);
  assert.equal(stderr, "ended with 2\n");
});

test("an address where nothing listens is AWS out of reach", async () => {
  const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" };

  const { exitCode, errors } = await sealedProcess(["deploy"], { environment });

  assert.equal(exitCode, 3);
  assert.match(errors, /AWS could not be reached/);
});
