import assert from "node:assert/strict";
import test from "node:test";
import { sealed } from "./support/harness.ts";

const COMMANDS =
  "doctor, cost, deploy, diff, synth, status, destroy, verify, audit, lockdown, backend-auth, completion";

for (const [args, message, help] of [
  ["doctr", `unknown command 'doctr' (Did you mean doctor?), allowed: ${COMMANDS}`, "npx sealed --help"],
  ["bogus", `unknown command 'bogus', allowed: ${COMMANDS}`, "npx sealed --help"],
  ["help bogus", `name a command, one of: ${COMMANDS}`, "npx sealed --help"],
  [
    "backend-auth shw",
    "unknown command 'shw' (Did you mean show?), allowed: show, attach, rotate, detach",
    "npx sealed backend-auth --help",
  ],
  [
    "backend-auth bogus",
    "unknown command 'bogus', allowed: show, attach, rotate, detach",
    "npx sealed backend-auth --help",
  ],
  ["backend-auth", "name a command, one of: show, attach, rotate, detach", "npx sealed backend-auth --help"],
  ["backend-auth attach", "missing required argument 'file'", "npx sealed backend-auth attach --help"],
  ["cost --gb-out", "option '--gb-out <gb>' argument missing", "npx sealed cost --help"],
  ["cost --gb-outt 3", "unknown option '--gb-outt' (Did you mean --gb-out?)", "npx sealed cost --help"],
  ["doctor --aws --local", "option '--aws' cannot be used with option '--local'", "npx sealed doctor --help"],
  ["completion", "missing required argument 'shell'", "npx sealed completion --help"],
  ["--profile x status", "unknown option '--profile': options stand behind the command", "npx sealed --help"],
] as const) {
  test(`sealed ${args}: says what is wrong, and where help for it is`, async () => {
    const { exitCode, errors } = await sealed(args);

    assert.equal(exitCode, 2);
    assert.ok(errors.endsWith(`error: ${message}\n  run: ${help}\n`), errors);
  });

  test(`sealed ${args} --json: one document with the same words, and nothing else on standard output`, async () => {
    const { exitCode, output, errors } = await sealed(`${args} --json`);

    const { error, exitCode: told } = JSON.parse(output);
    assert.deepEqual([exitCode, told, error.code], [2, 2, "SEALED_ARGUMENTS_INVALID"]);
    assert.ok(errors.endsWith(`error: ${error.message}\n  run: ${error.mend.join()}\n`), errors);
  });
}

test("the command line without a command shows the commands, on standard error", async () => {
  const { exitCode, output, errors } = await sealed("");

  assert.equal(exitCode, 2);
  assert.equal(output, "");
  assert.match(errors, /^Usage: sealed [\s\S]*\nerror: name a command, one of: doctor, /);
});

test("help that is asked for is no error, and goes to standard output", async () => {
  for (const args of ["--help", "help", "help cost", "backend-auth help", "backend-auth help attach"]) {
    const { exitCode, output, errors } = await sealed(args);

    assert.deepEqual([exitCode, errors], [0, ""], args);
    assert.match(output, /^Usage: sealed /);
  }
});
