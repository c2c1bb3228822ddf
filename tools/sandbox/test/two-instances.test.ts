import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "@sealed/servers";
import type { SandboxState } from "../src/state.ts";
import { ask, processesOf, type RunningCommand, runCommand } from "./running-sandbox.ts";

// A safety net against a hang; each test takes a few seconds.
const timeout = 120_000;
const CLIENTS = 16;
const REQUESTS_AFTER_STOP = 300;

let directory: string;
let sandbox: RunningCommand;
let state: SandboxState;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-two-"));
  sandbox = runCommand(directory, "start", "--port", String(await freePort()), "--instances", "2");
  state = await sandbox.ready();
});
after(async () => {
  sandbox.process.kill("SIGTERM");
  await sandbox.exited;
  for (const pid of await processesOf(directory)) process.kill(Number(pid), "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

async function instanceThatAnswers(): Promise<string> {
  return JSON.parse((await ask(state, "/hops.json")).body).instance;
}

/** Asks until the load balancer has taken the request to the named instance; the test's timeout is the limit. */
async function untilAnswers(instance: string): Promise<void> {
  while ((await instanceThatAnswers()) !== instance);
}

test("a note written through one instance is read through the other", { timeout }, async () => {
  const { hostname } = new URL(state.url);
  assert.equal(hostname, "localhost");
  const written = await askInstance(0, "/api/notes", { title: "For both", body: "" });
  assert.equal(written.status, 201);

  const { status, body } = await askInstance(1, `/api/notes/${JSON.parse(written.body).id}`);

  assert.equal(status, 200);
  assert.equal(JSON.parse(body).title, "For both");
});

test("stopping one of two instances under load loses no request", { timeout }, async () => {
  await untilAnswers("app-1");
  await untilAnswers("app-2");
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, ca: await readFile(state.caFile) });
  const statuses = new Map<string, number>();
  let isStopped = false;
  let leftAfterStop = REQUESTS_AFTER_STOP;
  let sent = 0;

  const client = async () => {
    while (leftAfterStop > 0) {
      const outcome = await statusOf("/api/notes?limit=1", agent);
      statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
      if (isStopped) leftAfterStop--;
      if (++sent === 200) process.kill(state.instances[0]?.pid ?? 0, "SIGTERM");
    }
  };
  const load = Promise.all(Array.from({ length: CLIENTS }, client));
  while (!/app-1 was stopped; 1 of 2 instances serve on/.test(sandbox.output())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  isStopped = true;
  await load;
  agent.destroy();

  assert.deepEqual([...statuses.keys()], ["200"], JSON.stringify([...statuses]));
  assert.equal(await instanceThatAnswers(), "app-2");
});

test("no log of any part holds a key, a password or a token", { timeout }, async () => {
  const secretFiles = [state.aws.credentialsFile, ...(await filesBelow(directory, /^master\.json$/))];
  const texts = await Promise.all(secretFiles.map((file) => readFile(file, "utf8")));
  const secrets = texts.flatMap((text) => text.match(/MadeUpSecret[\w/+]+/g) ?? []);
  assert.equal(secrets.length, 2);
  const logs = await filesBelow(directory, /\.log$/);
  assert.ok(logs.length >= 4, `logs of two instances, the database and the load balancer, got ${logs}`);

  for (const file of logs) {
    const log = await readFile(file, "utf8");
    for (const secret of secrets) assert.ok(!log.includes(secret), file);
    assert.doesNotMatch(log, /X-Amz-Signature|PRIVATE KEY/, file);
  }
});

async function filesBelow(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Sends a request to one instance, past the load balancer, under the public name. */
function askInstance(index: number, path: string, json?: unknown) {
  const instance = state.instances[index];
  assert.ok(instance);
  const { port } = new URL(instance.url);
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path,
        agent: false,
        // The instance's certificate is its own and signed by nobody, as it is behind a real ALB.
        rejectUnauthorized: false,
        method: json === undefined ? "GET" : "POST",
        headers: { host: new URL(state.url).host, "content-type": "application/json" },
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    call.on("error", reject).end(json === undefined ? undefined : JSON.stringify(json));
  });
}

/** Returns the status of one answer through the load balancer, or the code of what went wrong. */
function statusOf(path: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    request(state.url + path, { agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(String(response.statusCode)));
      response.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    })
      .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });
}
