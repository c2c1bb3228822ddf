import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type HealthdLogOptions, healthdFileName, healthdLine, openHealthdLog } from "../src/healthd.ts";
import { createLog } from "../src/log.ts";
import { appUnderTest } from "./app-under-test.ts";

const AT = Date.UTC(2026, 10, 22, 1, 2, 3, 456);
const REQUEST = { method: "GET", path: "/notes", status: 200, durationMs: 83.4, forwardedFor: "203.0.113.9" };

/** Reads a line by healthd's rules: six fields between quotes, or the line is skipped as partial. */
function parse(line: string) {
  const fields = line.split('"');
  if (fields.length < 6) return undefined;
  const [epoch, uri, status, requestTime, upstreamTime, forwardedFor] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    fields: fields.length,
    epochSeconds: Number.parseInt(epoch, 10),
    uri,
    status: Number.parseInt(status, 10),
    requestSeconds: Number.parseFloat(requestTime),
    upstreamSeconds: Number.parseFloat(upstreamTime),
    forwardedFor,
  };
}

async function withLog(
  t: { after: (done: () => Promise<void>) => void },
  options: Partial<HealthdLogOptions> = {},
) {
  const parent = await mkdtemp(join(tmpdir(), "healthd-"));
  const directory = join(parent, "healthd");
  const lines: string[] = [];
  const log = createLog({
    level: "debug",
    instance: "test",
    destination: { write: (line) => void lines.push(line) },
  });
  const healthd = openHealthdLog({ directory, log, now: () => AT, ...options });
  t.after(async () => {
    await healthd.close();
    await rm(parent, { recursive: true });
  });
  return { parent, directory, healthd, logged: () => lines.join("") };
}

test("writes what healthd reads: time, address, status, seconds and client", () => {
  const line = healthdLine(REQUEST, AT);

  assert.ok(line.endsWith("\n"));
  assert.deepEqual(parse(line.trimEnd()), {
    fields: 6,
    epochSeconds: Math.floor(AT / 1_000),
    uri: "/notes",
    status: 200,
    requestSeconds: 0.083,
    upstreamSeconds: 0.083,
    forwardedFor: "203.0.113.9",
  });
});

test("writes a dash where there is no client address, for a line of five fields is skipped", () => {
  assert.equal(parse(healthdLine({ ...REQUEST, forwardedFor: undefined }, AT))?.forwardedFor.trim(), "-");
  assert.equal(parse(healthdLine({ ...REQUEST, forwardedFor: '"' }, AT))?.forwardedFor.trim(), "-");
});

test("cannot be made to shift fields or forge lines", () => {
  const line = healthdLine({ ...REQUEST, path: '/a"500"b\n', forwardedFor: '1.2.3.4"x\r\nforged' }, AT);

  assert.equal(line.match(/\n/g)?.length, 1);
  assert.deepEqual([parse(line)?.fields, parse(line)?.status], [6, 200]);
});

test("names its files by the hour in UTC", () => {
  assert.equal(healthdFileName(AT), "application.log.2026-11-22-01");
  assert.equal(healthdFileName(Date.UTC(2026, 0, 1, 0)), "application.log.2026-01-01-00");
});

test("puts each line into the file of its hour, readable for healthd", async (t) => {
  let now = AT;
  const { directory, healthd } = await withLog(t, { now: () => now });

  healthd.record(REQUEST);
  healthd.record({ ...REQUEST, status: 503 });
  now += 3_600_000;
  healthd.record(REQUEST);
  await healthd.flush();
  healthd.record(REQUEST);
  await healthd.flush();

  const read = (name: string) => readFile(join(directory, name), "utf8");
  assert.deepEqual((await readdir(directory)).sort(), [
    "application.log.2026-11-22-01",
    "application.log.2026-11-22-02",
  ]);
  assert.deepEqual(
    (await read("application.log.2026-11-22-01"))
      .trim()
      .split("\n")
      .map((line) => parse(line)?.status),
    [200, 503],
  );
  assert.equal((await read("application.log.2026-11-22-02")).trim().split("\n").length, 2);
  assert.equal((await stat(directory)).mode & 0o755, 0o755);
  assert.equal((await stat(join(directory, "application.log.2026-11-22-01"))).mode & 0o444, 0o444);
});

test("keeps three files and touches none that is not its own", async (t) => {
  const { directory, healthd } = await withLog(t);
  await mkdir(directory);
  for (const name of [
    "application.log.2026-11-20-22",
    "application.log.2026-11-21-23",
    "application.log.2026-11-22-00",
    "application.log",
    "other.2026-11-20-22",
  ]) {
    await writeFile(join(directory, name), "");
  }

  healthd.record(REQUEST);
  await healthd.flush();

  assert.deepEqual((await readdir(directory)).sort(), [
    "application.log",
    "application.log.2026-11-21-23",
    "application.log.2026-11-22-00",
    "application.log.2026-11-22-01",
    "other.2026-11-20-22",
  ]);
});

test("says once that it cannot write, goes on, and writes again when it can", async (t) => {
  const { parent, directory, healthd, logged } = await withLog(t);
  await writeFile(directory, "a file stands where the folder should be");

  for (let i = 0; i < 3; i++) {
    healthd.record(REQUEST);
    await healthd.flush();
  }
  assert.equal(logged().match(/healthd log cannot be written/g)?.length, 1);

  await rm(directory);
  healthd.record(REQUEST);
  await healthd.flush();
  assert.deepEqual(await readdir(parent), ["healthd"]);
  assert.equal((await readdir(directory)).length, 1);
});

test("holds a bounded number of lines while the disk is slow", async (t) => {
  const { directory, healthd } = await withLog(t);

  for (let i = 0; i < 25_000; i++) healthd.record(REQUEST);
  await healthd.flush();

  const text = await readFile(join(directory, "application.log.2026-11-22-01"), "utf8");
  assert.equal(text.match(/\n/g)?.length, 20_000);
});

test("is told of each answered request, with the load balancer's word on the client", async () => {
  const finished: unknown[] = [];
  const { client } = appUnderTest({
    trustedProxies: ["127.0.0.0/8", "::1/128"],
    onFinished: ({ durationMs, ...request }) => void finished.push({ ...request, isTimed: durationMs > 0 }),
  });

  await client.get("/notes/1?x=y").set("X-Forwarded-For", "203.0.113.9").expect(404);

  assert.deepEqual(finished, [
    { method: "GET", path: "/notes/1", status: 404, forwardedFor: "203.0.113.9", isTimed: true },
  ]);
});
