import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { exclusively } from "../../src/packages/exclusive.ts";

const MODULE = join(import.meta.dirname, "../../src/packages/exclusive.ts");

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-lock-"));
});

after(() => rm(folder, { recursive: true, force: true }));

test("lets one work at a time and tells the other that it waits", async () => {
  const lock = join(folder, "one-at-a-time");
  const told = Promise.withResolvers<string>();
  const order: string[] = [];
  const first = exclusively(lock, async () => {
    order.push("first begins");
    await told.promise;
    await delay(20);
    order.push("first ends");
  });
  while (order.length === 0) await delay(5);

  await exclusively(lock, async () => order.push("second"), { progress: told.resolve });
  await first;

  assert.deepEqual(order, ["first begins", "first ends", "second"]);
  assert.match(await told.promise, /another process prepares the servers/);
});

test("is free again when the process that held it was killed", async () => {
  const lock = join(folder, "crash");
  const script = `
    const { exclusively } = await import(${JSON.stringify(MODULE)});
    await exclusively(${JSON.stringify(lock)}, () => {
      process.stdout.write("held");
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");

  const result = await exclusively(lock, async () => "free");

  assert.equal(result, "free");
});

test("stops waiting when it is told to", async () => {
  const lock = join(folder, "waiting");
  const held = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const holder = exclusively(lock, () => {
    held.resolve();
    return done.promise;
  });
  await held.promise;
  const interrupt = new AbortController();

  const waiting = exclusively(lock, async () => "never", {
    progress: () => interrupt.abort(),
    signal: interrupt.signal,
  });

  await assert.rejects(waiting, { name: "AbortError" });
  done.resolve();
  await holder;
});

test("is free again when the work failed", async () => {
  const lock = join(folder, "failure");
  const failing = exclusively(lock, () => Promise.reject(new Error("the work failed")));
  await assert.rejects(failing, /the work failed/);

  assert.equal(await exclusively(lock, async () => "free"), "free");
});

test("says what is missing on a machine without flock", async () => {
  const script = `
    const { exclusively } = await import(${JSON.stringify(MODULE)});
    await exclusively(${JSON.stringify(join(folder, "none"))}, () => {}).catch(({ code, message }) => console.log(code, message));`;
  const args = ["--input-type=module", "--eval", script];

  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: folder } });

  assert.match(stdout, /^SERVERS_COMMAND_FAILED cannot lock .* with flock \(package util-linux\)$/m);
});
