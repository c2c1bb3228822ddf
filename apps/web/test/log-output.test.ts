import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const LOG = new URL("../src/log.ts", import.meta.url).href;

/** Runs a program that has a `log`, and returns what it wrote. */
function run(program: string) {
  const script = `
    const { createLog } = await import(${JSON.stringify(LOG)});
    const log = createLog({ level: "info", instance: "i-1" });
    ${program}`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  const lines = stdout.toString("utf8").split("\n").slice(0, -1);
  return { status, messages: lines.map((line) => (JSON.parse(line) as { msg: string }).msg) };
}

const numbers = Array.from({ length: 5_000 }, (_, index) => String(index));

test("every line arrives whole and in order, however many there are at once", () => {
  const { status, messages } = run("for (let i = 0; i < 5_000; i++) log.info(String(i));");

  assert.equal(status, 0);
  assert.deepEqual(messages, numbers);
});

test("lines that come while others are being written arrive behind them", () => {
  const { messages } = run(`
    const { setImmediate } = await import("node:timers/promises");
    for (let i = 0; i < 5_000; i++) {
      log.info(String(i));
      if (i % 10 === 0) await setImmediate();
    }`);

  assert.deepEqual(messages, numbers);
});

test("a line arrives while the process goes on", () => {
  const { messages } = run(`
    log.info("first");
    const { setTimeout } = await import("node:timers/promises");
    await setTimeout(1_000);
    process.kill(process.pid, "SIGKILL");`);

  assert.deepEqual(messages, ["first"]);
});

for (const [how, end] of [
  ["by itself", ""],
  ["by an error", "throw new Error('planted');"],
  ["by process.exit", "process.exit(3);"],
] as const) {
  test(`the last lines arrive when the process ends ${how}`, () => {
    const { messages } = run(`log.info("first"); log.info("second"); ${end}`);

    assert.deepEqual(messages, ["first", "second"]);
  });
}

test("a fatal line is out before the next statement", () => {
  const { messages } = run(`
    log.info("first");
    log.fatal("last");
    process.kill(process.pid, "SIGKILL");`);

  assert.deepEqual(messages, ["first", "last"]);
});
