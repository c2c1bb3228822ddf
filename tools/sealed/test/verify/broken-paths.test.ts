import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort, type IssuedCertificate, type PrivateCa, privateCa } from "@sealed/servers";
import { createConnection } from "mysql2/promise";
import { startInstanceLike } from "../support/verify/app-instance.ts";
import { type FrontOptions, startFront } from "../support/verify/front.ts";
import { type RunningSandbox, startSandbox } from "../support/verify/sandbox.ts";
import { type Verified, verify } from "../support/verify/verified.ts";

// A safety net against a hang; each test takes about a second.
const timeout = 120_000;
const DAY_MS = 86_400_000;

let directory: string;
let sandbox: RunningSandbox;
let ca: PrivateCa;
let certificate: IssuedCertificate;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-broken-"));
  sandbox = await startSandbox(directory, "--instances", "2");
  ca = await privateCa({ dir: directory });
  certificate = await ca.issue();
});
after(async () => {
  await sandbox[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** Starts a front before both real instances: a path as it should be, but for what is changed. */
async function startPath(changes: Partial<FrontOptions> = {}) {
  const { url, instances } = sandbox.state;
  return await startFront({
    certificate,
    behind: instances.map((instance) => instance.url),
    host: new URL(url).host,
    ...changes,
  });
}

/** Verifies a path by its address, and both instances behind it unless others are named. */
async function verifyAt(
  url: string,
  options = "",
  instances = sandbox.state.instances.map((one) => one.url),
) {
  const behind = instances.map((instance) => `--instance ${instance}`).join(" ");
  return await verify(`${url} --topology alb-reencrypt --ca ${ca.caFile} ${behind} ${options}`.trim());
}

function assertOpen({ exitCode, verdict, wrong }: Verified, expected: readonly string[]): void {
  assert.deepEqual(wrong, expected);
  assert.equal(verdict, "open");
  assert.equal(exitCode, 1);
}

async function administer(statement: string): Promise<void> {
  const { adminSocket } = sandbox.state.database;
  const connection = await createConnection({ socketPath: adminSocket, user: userInfo().username });
  await connection.query(statement);
  await connection.end();
}

test("the path that the others are broken copies of is sealed", { timeout }, async () => {
  await using path = await startPath();

  const { wrong, verdict, exitCode } = await verifyAt(path.url);

  assert.deepEqual(wrong, []);
  assert.equal(verdict, "sealed");
  assert.equal(exitCode, 0);
});

test("a port that answers in plain HTTP is named, a redirect to HTTPS and a closed port are not", {
  timeout,
}, async () => {
  await using path = await startPath();
  await using plain = await startFront({
    behind: sandbox.state.instances.map((one) => one.url),
    host: new URL(sandbox.state.url).host,
  });
  await using redirecting = await startFront({
    behind: [],
    host: "",
    answer: (_asked, response) => {
      response.writeHead(301, { location: path.url }).end();
      return true;
    },
  });

  const open = await verifyAt(path.url, `--http-port ${plain.port}`);
  const redirected = await verifyAt(path.url, `--http-port ${redirecting.port}`);
  const closed = await verifyAt(path.url, `--http-port ${await freePort()}`);

  assertOpen(open, ["client-lb plain-http"]);
  assert.match(open.seen("plain-http"), /answers with 200/);
  assert.deepEqual([redirected.exitCode, closed.exitCode], [0, 0]);
});

test("a listener that accepts TLS 1.1 is named, and the CBC suites that come with it", {
  timeout,
}, async () => {
  await using path = await startPath({ tls: { minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } });

  const found = await verifyAt(path.url);

  assertOpen(found, ["client-lb protocol-floor", "client-lb cipher-suites"]);
  assert.equal(found.seen("protocol-floor"), "accepted: TLS 1.1");
});

test("a certificate of another authority is named, and so is one for another name", { timeout }, async () => {
  const stranger = await privateCa({ dir: join(directory, "stranger"), name: "Stranger" });
  await using foreign = await startPath({ certificate: await stranger.issue() });
  await using misnamed = await startPath({ certificate: await ca.issue({ hosts: ["other.example"] }) });

  const unknown = await verifyAt(foreign.url);
  const other = await verifyAt(misnamed.url);

  assertOpen(unknown, ["client-lb certificate-chain"]);
  assert.match(unknown.seen("certificate-chain"), /signed by CN=Stranger/);
  assertOpen(other, ["client-lb certificate-name"]);
  assert.match(other.seen("certificate-name"), /DNS:other\.example/);
});

test("an expired certificate is named by the day on which it ended", { timeout }, async () => {
  const notAfter = new Date(Date.now() - DAY_MS);
  const notBefore = new Date(Date.now() - 30 * DAY_MS);
  await using path = await startPath({ certificate: await ca.issue({ notBefore, notAfter }) });

  const found = await verifyAt(path.url);

  assertOpen(found, ["client-lb certificate-chain", "client-lb certificate-validity"]);
  assert.equal(found.seen("certificate-validity"), `expired on ${notAfter.toISOString().slice(0, 10)}`);
});

test("somebody between load balancer and app is noticed by a fingerprint that nobody published", {
  timeout,
}, async () => {
  const [first] = sandbox.state.instances;
  await using between = await startPath({ behind: [first?.url ?? ""] });
  await using path = await startPath({ behind: [between.url] });

  const found = await verifyAt(path.url, "", [between.url]);

  assertOpen(found, ["lb-app fingerprint app-1"]);
});

test("a database that takes plain connections is named, until it refuses them again", {
  timeout,
}, async () => {
  // Instances look at their database once a second at most: the test's own timeout is the limit.
  const localOnce = async (verdict: string): Promise<Verified> => {
    const found = await verify("", { sandboxDirectory: directory });
    return found.verdict === verdict && found.wrong.length % 4 === 0 ? found : await localOnce(verdict);
  };
  await administer("SET GLOBAL require_secure_transport = OFF");
  const open = await localOnce("open");
  await administer("SET GLOBAL require_secure_transport = ON");

  assertOpen(open, [
    "app-db as-the-app-sees-it app-1",
    "app-db database-enforces-tls app-1",
    "app-db as-the-app-sees-it app-2",
    "app-db database-enforces-tls app-2",
  ]);
  assert.equal((await localOnce("sealed")).exitCode, 0);
});

test("an answer without HSTS is named, and so is one for a day only", { timeout }, async () => {
  await using without = await startPath({ change: (headers) => delete headers["strict-transport-security"] });
  await using short = await startPath({
    change: (headers) => {
      headers["strict-transport-security"] = "max-age=86400";
    },
  });

  const found = await verifyAt(without.url);

  assertOpen(found, ["client-lb hsts"]);
  assert.equal(found.seen("hsts"), "not sent");
  assertOpen(await verifyAt(short.url), ["client-lb hsts"]);
});

test("a redirect loop is named, and so is a redirect to plain HTTP", { timeout }, async () => {
  const sending = (location: (asked: string) => string): Partial<FrontOptions> => ({
    answer: ({ url = "", headers }, response) => {
      if (url === "/hops.json") return false;
      const hsts = { "strict-transport-security": "max-age=63072000" };
      response.writeHead(301, { location: location(headers.host ?? ""), ...hsts }).end();
      return true;
    },
  });
  await using looping = await startPath(sending((host) => `https://${host}/`));
  await using leading = await startPath(sending((host) => `http://${host}/`));

  const loop = await verifyAt(looping.url);
  const plain = await verifyAt(leading.url);

  assertOpen(loop, ["client-lb security-headers", "client-lb redirects"]);
  assert.equal(loop.seen("redirects"), "a loop: / to /");
  assertOpen(plain, ["client-lb security-headers", "client-lb redirects"]);
  assert.match(plain.seen("redirects"), /leads to http:/);
});

test("of two instances the one that speaks plain HTTP is named, and not the other", { timeout }, async () => {
  const [first, second] = sandbox.state.instances.map((one) => one.url);
  assert.ok(first !== undefined && second !== undefined);
  await using path = await startPath();
  await using bad = await startFront({ behind: [second], host: new URL(sandbox.state.url).host });

  const found = await verifyAt(path.url, "", [first, bad.url]);

  assertOpen(found, ["lb-app encrypted app-2"]);
  assert.equal(found.seen("encrypted"), "answers in plain HTTP");
  const claimed = await verifyAt(path.url, "", [first, `https://localhost:${bad.port}`]);
  assertOpen(claimed, [`lb-app encrypted localhost:${bad.port}`, "lb-app fingerprint app-2"]);
  assert.match(claimed.seen("encrypted"), /^no TLS: /);
});

test("of two instances the one that accepts TLS 1.1 is named", { timeout }, async () => {
  const [first, second] = sandbox.state.instances.map((one) => one.url);
  assert.ok(first !== undefined && second !== undefined);
  await using path = await startPath();
  const tls = { minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
  await using bad = await startPath({ behind: [second], tls });

  const found = await verifyAt(path.url, "", [first, bad.url]);

  assertOpen(found, ["lb-app protocol-floor app-2", "lb-app fingerprint app-2"]);
});

test("of two instances the one that gets no requests is named", { timeout }, async () => {
  const { instances, caFile } = sandbox.state;
  await using path = await startPath({ behind: [instances[0]?.url ?? ""] });
  const described = await mkdtemp(join(directory, "state-"));
  const state = { url: path.url, topology: "alb-reencrypt", caFile, instances };
  await writeFile(join(described, "state.json"), JSON.stringify(state));

  const found = await verify("", { sandboxDirectory: described });

  assertOpen(found, ["lb-app instances"]);
  assert.equal(found.seen("instances"), "never answered: app-2");
});

test("an app whose hops page is off is not called sealed", { timeout }, async () => {
  const [first] = sandbox.state.instances;
  await using instance = await startInstanceLike(first?.pid ?? 0, {
    HOPS_PAGE: "off",
    INSTANCE_NAME: "app-3",
  });
  await using path = await startPath({ behind: [instance.url] });

  const found = await verifyAt(path.url, "", [instance.url]);

  assertOpen(found, ["lb-app hops-page"]);
  assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "open", "app-db": "unreached" });
});

test("an address where nothing listens is out of reach: nothing is claimed of any hop", {
  timeout,
}, async () => {
  const found = await verifyAt(`https://localhost:${await freePort()}`);

  assert.deepEqual(found.wrong, ["client-lb encrypted"]);
  assert.match(found.seen("encrypted"), /nothing listens there \(ECONNREFUSED\)/);
  assert.deepEqual(found.states, { "client-lb": "unreached", "lb-app": "unreached", "app-db": "unreached" });
  assert.equal(found.verdict, "unreached");
  assert.equal(found.exitCode, 3);
});
