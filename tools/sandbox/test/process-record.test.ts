import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { claim, forgetDead, identify, readRecord } from "../src/process-record.ts";

const URL = "https://localhost:8443";
let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-record-"));
  file = join(directory, "supervisor.json");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a claim names this process, is readable by its owner only, and is gone when it is released", async () => {
  const claimed = await claim(file, URL);

  assert.deepEqual(await readRecord(file), { ...(await identify(process.pid)), url: URL });
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await claimed.release();
  assert.deepEqual(await readdir(directory), ["supervisor.json.lock"]);
});

test("a second claim is refused with the process and the address of the first", async () => {
  await claim(file, URL);

  await assert.rejects(claim(file, "https://localhost:9443"), {
    code: "SANDBOX_ALREADY_RUNNING",
    message: new RegExp(`${URL} \\(pid ${process.pid}\\).*npm run stop`),
  });
});

for (const [what, record] of [
  ["at the same time", undefined],
  ["of a record whose process is gone", '{"pid":1,"startTicks":"no such time","url":"x"}'],
] as const) {
  test(`of many claims ${what} one wins`, async () => {
    if (record !== undefined) await writeFile(file, record);

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => claim(file, URL)));

    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    for (const result of results) {
      if (result.status === "rejected") assert.equal(result.reason.code, "SANDBOX_ALREADY_RUNNING");
    }
  });
}

test("a claim is not forgotten with the dead record that it replaces", async () => {
  await writeFile(file, JSON.stringify({ pid: 1, startTicks: "no such time", url: URL }));

  await Promise.all([
    ...Array.from({ length: 5 }, () => forgetDead(file)),
    claim(file, URL),
    forgetDead(file),
  ]);

  assert.equal((await readRecord(file))?.pid, process.pid);
});

test("nothing is made where there is nothing to forget", async () => {
  await forgetDead(file);

  assert.deepEqual(await readdir(directory), []);
});

test("the record of a process that is gone counts as none and is taken over", async () => {
  const child = spawn("sleep", ["60"]);
  const identity = await identify(child.pid ?? 0);
  await writeFile(file, JSON.stringify({ ...identity, url: URL }));
  assert.equal((await readRecord(file))?.pid, child.pid);

  child.kill();
  await once(child, "close");

  assert.equal(await readRecord(file), undefined);
  await claim(file, URL);
  assert.equal((await readRecord(file))?.pid, process.pid);
});

test("a later process with the same number is not taken for the recorded one", async () => {
  await writeFile(file, JSON.stringify({ pid: process.pid, startTicks: "1", url: URL }));

  assert.equal(await readRecord(file), undefined);
});

test("a record that was cut off counts as none", async () => {
  await writeFile(file, '{"pid": 12');

  assert.equal(await readRecord(file), undefined);
  await claim(file, URL);
  assert.match(await readFile(file, "utf8"), new RegExp(`"pid":${process.pid}`));
});
