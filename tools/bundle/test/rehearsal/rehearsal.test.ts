import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildSourceBundle, REPOSITORY } from "../../src/source-bundle/build.ts";
import { compileApp } from "../../src/source-bundle/compile.ts";
import { TOPOLOGIES, type Topology } from "../../src/topology.ts";
import { ask, askRaw, begin } from "./client.ts";
import { HEALTHD_FILE_NAME, parseHealthdLog } from "./healthd-log.ts";
import { type Instance, PUBLIC_HOST, startInstance } from "./instance.ts";
import { startNotebookDatabase } from "./notebook-database.ts";
import { MAIN_PID } from "./platform.ts";

const DROP_IN = "/etc/systemd/system/web.service.d/10-bind-443.conf";
/** Asked for on port 80 only: where it turns up, nginx has forwarded something. */
const PLAIN_PATH = "/only-on-port-80";
const NET_BIND_SERVICE = 1n << 10n;
/** Safety net: far more than a loaded machine needs. */
const TRIES = 600;
const PAUSE_MS = 50;

const app = await compileApp(REPOSITORY);
const database = await startNotebookDatabase();
after(() => database[Symbol.asyncDispose]());

/** Where the app of a topology answers, and whether by TLS. */
function entrance(instance: Instance, topology: Topology) {
  const isLesson = topology === "alb-terminate";
  return { socketPath: instance.socket(isLesson ? 8_080 : 443), tls: !isLesson };
}

/** Asks again and again; what the app wrote tells why it never holds. */
async function until(what: string, { platform }: Instance, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await holds()) return;
    await delay(PAUSE_MS);
  }
  throw new Error(`the app is not ${what}: ${platform.appOutput}`);
}

function untilReady(instance: Instance, topology: Topology): Promise<void> {
  const question = { ...entrance(instance, topology), path: "/readyz" };
  return until("ready", instance, () =>
    ask(question).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
}

function file(instance: Instance, path: string): string {
  return join(instance.machine.root, path);
}

for (const topology of TOPOLOGIES) {
  test(`the bundle for ${topology} is deployed, serves, is configured anew and stops`, async (t) => {
    const { zip } = await buildSourceBundle({ topology, mode: "standalone", app });
    await using instance = await startInstance(topology, database);
    const { platform } = instance;
    const door = entrance(instance, topology);
    await platform.deployApplication(zip);
    await untilReady(instance, topology);

    await t.test("it answers with the notebook from the database", async () => {
      const headers = { "Sec-Fetch-Site": "same-origin" };
      const made = await ask(
        { ...door, path: "/api/notes", method: "POST", headers },
        { title: topology, body: "rehearsed" },
      );
      const list = await ask({ ...door, path: "/api/notes?limit=50" });

      assert.equal(made.status, 201, made.body);
      assert.match(list.body, new RegExp(`"title":"${topology}"`));
      if (door.tls) assert.match(list.tls?.protocol ?? "", /^TLSv1\.[23]$/);
    });

    await t.test("its pages find their views and styles", async () => {
      const page = await ask({ ...door, path: "/" });
      const style = /href="(\/assets\/style\.[0-9a-f]+\.css)"/.exec(page.body)?.[1];

      assert.equal(page.status, 200);
      assert.ok(style !== undefined, page.body.slice(0, 500));
      assert.equal((await ask({ ...door, path: style })).status, 200);
    });

    await t.test("it sees its hop to the database sealed", async () => {
      const { body } = await ask({ ...door, path: "/hops.json" });
      const hop = JSON.parse(body).hops.find(({ id }: { id: string }) => id === "app-db");

      assert.equal(hop.sealed, true, JSON.stringify(hop));
      assert.equal(hop.authenticated, true, JSON.stringify(hop));
    });

    await t.test("it runs as an ordinary user that may bind low ports and nothing else", async () => {
      const pid = (await readFile(file(instance, MAIN_PID), "utf8")).trim();
      const { output } = await instance.machine.run(["cat", `/proc/${pid}/status`]);
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(output)?.[1];

      for (const name of ["CapPrm", "CapEff", "CapBnd", "CapAmb", "CapInh"]) {
        assert.equal(BigInt(`0x${field(name)}`), NET_BIND_SERVICE, name);
      }
      assert.equal(field("NoNewPrivs"), "1");
      if (process.getuid?.() === 0) assert.equal(field("Uid"), "900");
      assert.equal((await readFile(file(instance, "/var/pids/web.pid"), "utf8")).trim(), pid);
    });

    await t.test("port 80 sends readers to HTTPS, refuses the rest, and forwards nothing", async () => {
      const plain = { socketPath: instance.socket(80), tls: false, path: `${PLAIN_PATH}?x=1` };
      const read = await ask(plain);
      const write = await ask({ ...plain, method: "POST" }, { title: "lost" });
      const nameless = await askRaw(plain.socketPath, `GET ${PLAIN_PATH} HTTP/1.0\r\n\r\n`);

      assert.equal(read.status, 308);
      assert.equal(read.headers.location, `https://${PUBLIC_HOST}${PLAIN_PATH}?x=1`);
      assert.equal(write.status, 421);
      assert.match(nameless, /^HTTP\/1\.1 421 /);
    });

    await t.test("a configuration deployment leaves the drop-in in place", async () => {
      const before = await readFile(file(instance, DROP_IN), "utf8");
      await platform.deployConfiguration({ LOG_LEVEL: "debug", DRAIN_SECONDS: "1" });
      await untilReady(instance, topology);

      const expected = before.replace("TimeoutStopSec=20", "TimeoutStopSec=21");
      assert.notEqual(expected, before);
      assert.equal(await readFile(file(instance, DROP_IN), "utf8"), expected);
      // The app writes its log in batches; the test's own timeout is the limit.
      while (!/"level":"debug"/.test(platform.appOutput)) await delay(20);
    });

    await t.test("SIGTERM lets a request under way finish, then ends the app", async () => {
      const body = JSON.stringify({ title: "under way", body: topology });
      const { request, answer } = begin({
        ...door,
        path: "/api/notes",
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Content-Length": String(body.length),
          "Sec-Fetch-Site": "same-origin",
        },
      });
      request.write(body.slice(0, 5));
      // The app has the request once it answers another one that was sent later.
      await ask({ ...door, path: "/livez" });
      const stopped = platform.stopApp();
      await until("draining", instance, async () => platform.appOutput.includes('"draining"'));
      request.end(body.slice(5));

      assert.equal((await answer).status, 201);
      assert.deepEqual(await stopped, { code: 0, signal: null });
    });

    await t.test("healthd can read every request in the log", async () => {
      const folder = file(instance, "/var/log/nginx/healthd");
      const names = await readdir(folder);
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
      const records = texts.flatMap(parseHealthdLog);
      const { uid, mode } = await stat(folder);

      assert.deepEqual(
        names.filter((name) => !HEALTHD_FILE_NAME.test(name)),
        [],
      );
      assert.ok(records.some(({ uri, status }) => uri === "/api/notes" && status === 201));
      assert.ok(records.every(({ uri }) => uri !== PLAIN_PATH));
      assert.equal(mode & 0o777, 0o755);
      if (process.getuid?.() === 0) assert.equal(uid, 900);
    });
  });
}
