import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type Program, spawnGuarded } from "../../src/process/index.ts";

const shell: Program = { command: "/bin/sh", args: ["-c"] };

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) Z/.test(status);
}

async function untilGone(pid: number): Promise<void> {
  while (await isRunning(pid)) await delay(10);
}

// Only root may give a child another identity, and a change of identity is what could drop the guard.
const identities = process.getuid?.() === 0 ? ["own", "nobody"] : ["own"];

for (const identity of identities) {
  test(`a child (identity: ${identity}) is gone when its parent was killed with SIGKILL`, {
    timeout: 20_000,
  }, async () => {
    const parent = spawn(process.execPath, [join(import.meta.dirname, "guarded-parent.ts"), identity]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    assert.ok(await isRunning(pid));

    parent.kill("SIGKILL");

    await untilGone(pid);
  });
}

test("the loader's arguments stand before the program's own, and its output and exit code are kept", async () => {
  const child = spawnGuarded(shell, ["echo to out; echo to err >&2; exit 3"], { name: "talker" });

  assert.deepEqual(await child.exited, { code: 3, signal: null });
  assert.match(child.output(), /to out/);
  assert.match(child.output(), /to err/);
});

test("only the end of a long output is kept in memory", async () => {
  const child = spawnGuarded(shell, ["seq 1 40000; echo the end"], { name: "talker" });

  await child.exited;

  assert.equal(child.output().length, 65_536);
  assert.match(child.output(), /the end\n$/);
});

test("with a log file the output goes there, is readable by its owner only, and the tail is this run's", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "sealed-process-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const logFile = join(dir, "program.log");
  await writeFile(logFile, "an earlier run\n", { mode: 0o600 });

  const child = spawnGuarded(shell, ["echo this run"], { name: "logger", logFile });
  await child.exited;

  assert.equal(child.output(), "this run\n");
  assert.equal(await readFile(logFile, "utf8"), "an earlier run\nthis run\n");
  assert.equal((await stat(logFile)).mode & 0o777, 0o600);
});

test("the parent's environment does not reach a child", async () => {
  const child = spawnGuarded({ command: "/usr/bin/env", args: [] }, [], { name: "env" });

  await child.exited;

  assert.doesNotMatch(child.output(), /^HOME=/m);
  assert.match(child.output(), /^PATH=/m);
});

test("stop() lets a child end by itself, and kills one that does not", { timeout: 20_000 }, async () => {
  const polite = spawnGuarded(shell, ["trap 'exit 7' TERM; while :; do sleep 0.02; done"], {
    name: "polite",
  });
  const stubborn = spawnGuarded(shell, ["trap '' TERM; while :; do sleep 0.02; done"], { name: "stubborn" });
  await delay(200);

  await Promise.all([polite.stop({ withinMs: 10_000 }), stubborn.stop({ withinMs: 300 })]);

  assert.deepEqual(await polite.exited, { code: 7, signal: null });
  assert.deepEqual(await stubborn.exited, { code: null, signal: "SIGKILL" });
});

test("a child has a session of its own, so that Ctrl-C on the terminal reaches the parent only", async () => {
  await using child = spawnGuarded({ command: "sleep", args: [] }, ["300"], { name: "sleeper" });

  const fields = (await readFile(`/proc/${child.pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");

  assert.equal(Number(fields[3]), child.pid);
});

test("a program that does not exist ends with code 127 and a message that names it", async () => {
  const child = spawnGuarded({ command: "/nowhere/program", args: [] }, [], { name: "missing" });

  assert.equal((await child.exited).code, 127);
  assert.match(child.output(), /\/nowhere\/program/);
});
