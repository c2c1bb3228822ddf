import assert from "node:assert/strict";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { runCli } from "../src/cli.ts";
import { exitCodeFor, explain } from "../src/errors.ts";
import { sandboxPaths } from "../src/paths.ts";
import { claim } from "../src/process-record.ts";

// Every case ends before anything is written: the directory is never made.
const directory = join(import.meta.dirname, "never-made");

const run = (...args: string[]) => runIn(directory, ...args);

async function runIn(directory: string, ...args: string[]) {
  const output = new PassThrough({ encoding: "utf8" });
  const errors = new PassThrough({ encoding: "utf8" });
  const code = await runCli(args, {
    paths: sandboxPaths(directory),
    packagesDir: directory,
    workingDirectory: directory,
    terminal: { output, isInteractive: false, hasColor: false },
    errors,
    entry: [],
    detachedEnvironment: {},
    signal: new AbortController().signal,
  });
  return { code, output: output.read() ?? "", errors: errors.read() ?? "" };
}

const wrong: [args: string[], message: RegExp][] = [
  [["--topology", "alb"], /'alb' is invalid. Allowed choices are alb-reencrypt, clb-backend-auth/],
  [["--instances", "0"], /'0' is invalid. It must be a whole number from 1 to 16/],
  [["--instances", "two"], /'two' is invalid/],
  [["--instances", "1.5"], /'1.5' is invalid/],
  [["--port", "70000"], /'70000' is invalid. It must be a whole number from 1 to 65535/],
  [["--port", ""], /'' is invalid/],
  [["--server", "postgres"], /'postgres' is invalid. Allowed choices are mysql, mariadb/],
  [["--unknown"], /unknown option '--unknown'/],
  [["extra"], /too many arguments/],
  [["--topology", "alb-terminate"], /plain text.*add --lesson/],
  [["--topology", "alb-terminate", "--detach"], /plain text.*add --lesson/],
  [["--lesson"], /--lesson belongs to --topology alb-terminate, got --topology alb-reencrypt/],
  [["--topology", "single-instance", "--instances", "2"], /--instances must be 1 .* got 2/],
];

for (const [args, message] of wrong) {
  test(`start ${args.join(" ")} ends with exit code 2 and says what is wrong`, async () => {
    const { code, output, errors } = await run("start", ...args);

    assert.equal(code, 2);
    assert.match(errors, message);
    assert.equal(output, "");
    await assert.rejects(access(directory), { code: "ENOENT" });
  });
}

test("an unknown command, and none at all, end with exit code 2", async () => {
  assert.equal((await run("restart")).code, 2);
  assert.equal((await run()).code, 2);
});

test("--help tells the options and ends with exit code 0", async () => {
  const { code, output } = await run("start", "--help");

  assert.equal(code, 0);
  for (const option of ["--topology", "--instances", "--port", "--server", "--detach", "--lesson"]) {
    assert.match(output, new RegExp(option));
  }
});

test("stop without anything running is no error and makes nothing", async () => {
  const { code, output } = await run("stop");

  assert.equal(code, 0);
  assert.equal(output, "nothing is running\n");
  await assert.rejects(access(directory), { code: "ENOENT" });
});

test("reset while the path is up removes nothing, and says how to end it", async (t) => {
  const used = await mkdtemp(join(tmpdir(), "sealed-reset-"));
  t.after(() => rm(used, { recursive: true, force: true }));
  const { recordFile } = sandboxPaths(used);
  // As if this process were the supervisor.
  await claim(recordFile, "https://localhost:8443");

  const { code, output, errors } = await runIn(used, "reset");

  assert.equal(code, 1);
  assert.equal(output, "");
  assert.match(errors, new RegExp(`localhost:8443 is up \\(pid ${process.pid}\\).*npm run stop`));
  await access(recordFile);
});

for (const command of [["start"], ["start", "--detach"], ["stop"], ["reset"]]) {
  test(`${command.join(" ")} says in one line that its folder cannot be used, and ends with exit code 3`, async (t) => {
    const used = await mkdtemp(join(tmpdir(), "sealed-no-folder-"));
    t.after(() => rm(used, { recursive: true, force: true }));
    await writeFile(join(used, "file"), "");

    const { code, errors } = await runIn(join(used, "file", ".sandbox"), ...command);

    assert.equal(code, 3);
    assert.match(errors, /^error: cannot use .+\/file\/\.sandbox\S*: a file stands .+ \(ENOTDIR\)\n$/);
  });
}

test("a full disk is called by its name", async () => {
  // Every write to it fails as on a full disk: https://man7.org/linux/man-pages/man4/full.4.html
  const error = await writeFile("/dev/full", "x").catch((failed: unknown) => failed);

  assert.match(explain(error), /the disk is full.*\(ENOSPC\)$/);
  assert.doesNotMatch(explain(error), /\n/);
  assert.equal(exitCodeFor(error), 3);
});

test("a signal that may not be sent is not blamed on a file", () => {
  const error = Object.assign(new Error("kill EPERM"), { code: "EPERM", syscall: "kill" });

  assert.doesNotMatch(explain(error), /cannot use/);
  assert.equal(exitCodeFor(error), 1);
});

test("what nobody expected is told with where it happened", () => {
  assert.match(explain(new TypeError("a mistake")), /TypeError: a mistake\n +at /);
  assert.equal(exitCodeFor(new TypeError("a mistake")), 1);
});
