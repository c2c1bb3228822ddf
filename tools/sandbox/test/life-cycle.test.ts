import assert from "node:assert/strict";
import { once } from "node:events";
import { access, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { freePort } from "@sealed/servers";
import type { SandboxState } from "../src/state.ts";
import {
  ask,
  processesOf,
  type RunningCommand,
  runCommand,
  runToEnd,
  runUnderShell,
  untilAllGone,
} from "./running-sandbox.ts";

// A safety net against a hang; each test takes a few seconds.
const timeout = 120_000;
const NOTE = "a note that outlives every stop";
let directory: string;
let port: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-sandbox-"));
  port = String(await freePort());
});
// What a failed test left would make the next one fail too.
afterEach(async () => {
  for (const pid of await processesOf(directory)) process.kill(Number(pid), "SIGKILL");
});
after(() => rm(directory, { recursive: true, force: true }));

async function start(...args: string[]): Promise<{ command: RunningCommand; state: SandboxState }> {
  const command = runCommand(directory, "start", "--port", port, ...args);
  return { command, state: await command.ready() };
}

async function assertSealedPath(state: SandboxState, topology: string): Promise<void> {
  const { status, body } = await ask(state, "/hops.json");
  assert.equal(status, 200);
  const report = JSON.parse(body) as { topology: string; verdict: string };
  assert.equal(report.topology, topology);
  assert.equal(report.verdict, topology === "alb-terminate" ? "open" : "sealed");
}

async function assertNoteIsThere(state: SandboxState): Promise<void> {
  assert.match((await ask(state, "/api/notes")).body, new RegExp(NOTE));
}

async function assertEndsAfterCrashOf(
  pid: number,
  part: RegExp,
  { command, state }: Awaited<ReturnType<typeof start>>,
) {
  process.kill(pid, "SIGKILL");

  assert.equal(await command.exited, 1);
  assert.match(command.output(), part);
  assert.match(command.output(), /ended by itself \(signal SIGKILL\), so everything else is stopped/);
  await untilAllGone(directory, state);
  await assert.rejects(access(join(directory, "state.json")), { code: "ENOENT" });
}

async function databasePid(): Promise<number> {
  const [server = ""] = await readdir(join(directory, "data"));
  return Number(await readFile(join(directory, "data", server, "server.pid"), "utf8"));
}

test("alb-reencrypt comes up with two instances, tells its state, and Ctrl-C leaves nothing but the data", {
  timeout,
}, async () => {
  const { command, state } = await start("--instances", "2");

  await assertSealedPath(state, "alb-reencrypt");
  assert.equal((await ask(state, "/api/notes", { title: NOTE, body: "" })).status, 201);
  assert.match(command.output(), new RegExp(`\nready https://localhost:${port}\n$`));
  assert.equal(state.url, `https://localhost:${port}`);
  assert.deepEqual(
    state.instances.map(({ name }) => name),
    ["app-1", "app-2"],
  );
  assert.deepEqual(state.database.users, { app: "app", migrator: "migrator" });
  assert.equal((await stat(join(directory, "state.json"))).mode & 0o777, 0o600);
  await access(state.database.adminSocket);
  await access(state.loadBalancer?.statsSocket ?? "");

  const second = await runToEnd(directory, "start", "--port", port);
  assert.equal(second.code, 1);
  assert.match(second.output, new RegExp(`already running.*${state.url} \\(pid ${command.process.pid}\\)`));
  const reset = await runToEnd(directory, "reset");
  assert.equal(reset.code, 1);
  assert.match(reset.output, /npm run stop/);

  command.process.kill("SIGINT");
  assert.equal(await command.exited, 0);
  assert.deepEqual(await processesOf(directory), []);
  await untilAllGone(directory, state);
});

test("clb-backend-auth comes up with the same data; when its supervisor is killed nothing survives it", {
  timeout,
}, async () => {
  const { command, state } = await start("--topology", "clb-backend-auth");
  await assertSealedPath(state, "clb-backend-auth");
  await assertNoteIsThere(state);

  command.process.kill("SIGKILL");

  await untilAllGone(directory, state);
  await access(join(directory, "state.json"));
});

test("nlb-passthrough comes up over the remains of a killed supervisor; a crash of the database ends it", {
  timeout,
}, async () => {
  const running = await start("--topology", "nlb-passthrough");
  await assertSealedPath(running.state, "nlb-passthrough");
  await assertNoteIsThere(running.state);

  await assertEndsAfterCrashOf(await databasePid(), /the database ended/, running);
});

test("single-instance has no load balancer; a crash of the app ends it", { timeout }, async () => {
  const running = await start("--topology", "single-instance");
  await assertSealedPath(running.state, "single-instance");
  await assertNoteIsThere(running.state);
  assert.equal(running.state.loadBalancer, null);

  await assertEndsAfterCrashOf(running.state.instances[0]?.pid ?? 0, /the instance app-1 ended/, running);
});

test("alb-terminate, the lesson, shows an open hop; a crash of the load balancer ends it", {
  timeout,
}, async () => {
  const running = await start("--topology", "alb-terminate", "--lesson");
  assert.match(running.command.output(), /hop 2 {2}OPEN: plain HTTP/);
  await assertSealedPath(running.state, "alb-terminate");
  await assertNoteIsThere(running.state);

  await assertEndsAfterCrashOf(running.state.loadBalancer?.pid ?? 0, /the load balancer ended/, running);
});

test("one of two instances can be stopped, and the other one serves on", { timeout }, async () => {
  const { command, state } = await start("--instances", "2");

  process.kill(state.instances[0]?.pid ?? 0, "SIGTERM");
  while (!/app-1 was stopped; 1 of 2 instances serve on/.test(command.output())) {
    assert.equal((await ask(state, "/livez")).status, 200);
  }

  assert.equal((await ask(state, "/readyz")).status, 200);
  command.process.kill("SIGTERM");
  assert.equal(await command.exited, 0);
  await untilAllGone(directory, state);
});

test("--server mariadb brings the same path up on MariaDB, sealed on every hop, with data of its own", {
  timeout,
}, async () => {
  const { command, state } = await start("--server", "mariadb");
  await assertSealedPath(state, "alb-reencrypt");
  const { body } = await ask(state, "/hops.json");
  assert.match(body, /"serverVersion":"[^"]*MariaDB/);
  assert.equal((await ask(state, "/api/notes", { title: "kept by MariaDB" })).status, 201);
  assert.doesNotMatch((await ask(state, "/api/notes")).body, new RegExp(NOTE));

  command.process.kill("SIGINT");

  assert.equal(await command.exited, 0);
  await untilAllGone(directory, state);
});

test("when npm is killed, the sandbox that it started ends too", { timeout }, async () => {
  const shell = runUnderShell(directory, "start", "--port", port);
  const state = await shell.ready();

  shell.process.kill("SIGKILL");

  await untilAllGone(directory, state);
  await assert.rejects(access(join(directory, "state.json")), { code: "ENOENT" });
});

test("--detach returns when the path is ready, stop ends all of it, and stopping nothing is no error", {
  timeout,
}, async () => {
  const detached = runCommand(directory, "start", "--port", port, "--detach");
  const state = await detached.ready();
  assert.equal(await detached.exited, 0);
  await assertNoteIsThere(state);

  const stopped = await runToEnd(directory, "stop");

  assert.deepEqual(stopped, { code: 0, output: `stopped ${state.url}\n` });
  assert.deepEqual(await processesOf(directory), []);
  await untilAllGone(directory, state);
  assert.deepEqual(await runToEnd(directory, "stop"), { code: 0, output: "nothing is running\n" });
});

test("a taken port is told with its holder and the option to change it, and nothing is started", {
  timeout,
}, async (t) => {
  const holder = createServer().listen(0, "127.0.0.1");
  t.after(() => holder.close());
  await once(holder, "listening");
  const { port: taken } = holder.address() as { port: number };

  for (const flags of [[], ["--detach"]]) {
    const { code, output } = await runToEnd(directory, "start", "--port", String(taken), ...flags);

    assert.equal(code, 3);
    assert.match(output, new RegExp(`port ${taken} is taken by pid ${process.pid} \\(node\\); .*--port`));
  }
  assert.deepEqual(await processesOf(directory), []);
});

test("Ctrl-C while it starts leaves nothing behind", { timeout }, async () => {
  const command = runCommand(directory, "start", "--port", port);
  while (!/\[browser\]/.test(command.output()) && (await processesOf(directory)).length > 0) {}

  command.process.kill("SIGINT");

  assert.equal(await command.exited, 1);
  assert.match(command.output(), /stopped before it was ready/);
  assert.deepEqual(await processesOf(directory), []);
});

test("reset removes the whole directory", { timeout }, async () => {
  assert.equal((await runToEnd(directory, "reset")).code, 0);

  await assert.rejects(access(directory), { code: "ENOENT" });
});
