import assert from "node:assert/strict";
import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "node:tls";
import { type IssuedCertificate, type PrivateCa, privateCa } from "../../src/ca/index.ts";
import { balancerFeatures } from "../../src/load-balancer/features.ts";
import { type BalancedTopology, startLoadBalancer } from "../../src/load-balancer/index.ts";
import { freePort } from "../../src/process/index.ts";
import { get, keepAliveAgent, untilStatus } from "./client.ts";
import { type Instance, startInstance } from "./instance.ts";
import { sharedPrograms } from "./programs.ts";

const timeout = 30_000;
let dir: string;
let ca: PrivateCa;
let trusted: string;
let selfSigned: IssuedCertificate;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "sealed-lb-"));
  ca = await privateCa({ dir });
  trusted = ca.certificatePem;
  selfSigned = await ca.issue({ selfSigned: true });
});
after(() => rm(dir, { recursive: true, force: true }));

async function balance(topology: BalancedTopology, instances: Instance[], pinned: IssuedCertificate[] = []) {
  return startLoadBalancer({
    dir,
    programs: await sharedPrograms(),
    topology,
    port: await freePort(),
    instances,
    pinnedCertificatesPem: pinned.map(({ certificatePem }) => certificatePem),
  });
}

test("an ALB encrypts again to an instance whose certificate nobody signed", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.body, "app-1");
  assert.equal(answer.protocol, "TLSv1.3");
  assert.deepEqual([...instance.protocols], ["TLSv1.3"]);
});

test("an ALB tells what it negotiated, and a client cannot say it instead", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);
  await untilStatus(balancer.port, trusted, 200);

  const headers = {
    "x-amzn-tls-version": "TLSv9",
    "X-Amzn-TLS-Cipher-Suite": "NONE",
    "x-forwarded-proto": "http",
    "x-forwarded-for": "203.0.113.9",
    under_score: "dropped",
  };
  await get(balancer.port, trusted, { headers, maxVersion: "TLSv1.2" });
  await get(balancer.port, trusted, { headers });

  const [older, newer] = instance.requests.slice(-2).map((request) => request.headers);
  assert.equal(older?.["x-amzn-tls-version"], "TLSv1.2");
  assert.match(String(older?.["x-amzn-tls-cipher-suite"]), /^ECDHE-ECDSA-AES(128|256)-GCM-SHA(256|384)$/);
  assert.equal(newer?.["x-amzn-tls-version"], "TLSv1.3");
  assert.match(String(newer?.["x-amzn-tls-cipher-suite"]), /^TLS_AES_(128|256)_GCM_SHA(256|384)$/);
  assert.equal(newer?.["x-forwarded-proto"], "https");
  assert.equal(newer?.["x-forwarded-port"], String(balancer.port));
  assert.equal(newer?.["x-forwarded-for"], "203.0.113.9, 127.0.0.1");
  assert.equal(newer?.host, `localhost:${balancer.port}`);
  assert.match(String(newer?.["x-amzn-trace-id"]), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  assert.equal(newer?.under_score, undefined);
});

test("an ALB serves many clients over the few connections it keeps to an instance", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);
  await untilStatus(balancer.port, trusted, 200);

  for (let count = 0; count < 30; count++) await get(balancer.port, trusted);

  assert.ok(instance.requests.length >= 30);
  // One for each of the two sections of the configuration: with and without a healthy instance.
  assert.ok(instance.connections.size <= 2, `${instance.connections.size} connections`);
});

test("both sides of an ALB agree on the post-quantum group where HAProxy's OpenSSL has it", {
  timeout,
}, async () => {
  const { postQuantum } = await balancerFeatures((await sharedPrograms()).haproxy);
  const group = postQuantum ? "X25519MLKEM768" : "X25519";
  await using instance = await startInstance("app-1", selfSigned, { ecdhCurve: group });
  await using balancer = await balance("alb-reencrypt", [instance]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.group, group);
});

test("TLS 1.1 is refused in front", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);

  const options = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const refusal = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port: balancer.port, host: "127.0.0.1", ca: trusted, ...options });
    socket.once("secureConnect", () => reject(new Error(`accepted ${socket.getProtocol()}`)));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

  assert.equal(refusal, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
});

test("an ALB sends requests to unhealthy instances when none is healthy, and answers 502 for a dead one", {
  timeout,
}, async () => {
  await using unhealthy = await startInstance("app-1", selfSigned);
  unhealthy.readiness.status = 503;
  await using balancer = await balance("alb-reencrypt", [unhealthy]);

  assert.equal((await untilStatus(balancer.port, trusted, 200)).body, "app-1");
  await unhealthy[Symbol.asyncDispose]();

  assert.match((await untilStatus(balancer.port, trusted, 502)).body, /502 Bad Gateway/);
});

test("an ALB without any registered instance answers 503", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);
  await untilStatus(balancer.port, trusted, 200);

  await balancer.command("set server instances/app-1 state maint");
  await balancer.command("set server fail-open/app-1 state maint");

  assert.equal((await get(balancer.port, trusted)).status, 503);
});

test("requests go to healthy instances only, while there is one", { timeout }, async () => {
  await using healthy = await startInstance("app-1", selfSigned);
  await using unhealthy = await startInstance("app-2", selfSigned);
  unhealthy.readiness.status = 503;
  await using balancer = await balance("alb-reencrypt", [healthy, unhealthy]);
  const isChecked = (table: string) =>
    /^instances,app-1,.*,UP,/m.test(table) && /^instances,app-2,.*,DOWN/m.test(table);
  while (!isChecked(await balancer.command("show stat"))) {}
  const before = unhealthy.requests.length;

  for (let count = 0; count < 10; count++) {
    assert.equal((await get(balancer.port, trusted)).body, "app-1");
  }

  assert.equal(unhealthy.requests.length, before);
});

test("a classic load balancer talks to the pinned key", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("clb-backend-auth", [instance], [selfSigned]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.protocol, "TLSv1.2");
  assert.deepEqual([...instance.protocols], ["TLSv1.2"]);
  assert.equal(instance.requests[0]?.headers["x-forwarded-proto"], "https");
});

test("a classic load balancer answers 503 for another key and sends it no request", { timeout }, async () => {
  await using impostor = await startInstance("app-1", await ca.issue({ selfSigned: true }));
  await using balancer = await balance("clb-backend-auth", [impostor], [selfSigned]);
  const untilDown = async () => {
    while (!/instances,app-1,.*,DOWN/.test(await balancer.command("show stat"))) {}
  };
  await untilDown();

  const refused = await get(balancer.port, trusted, { path: "/secret" });
  // With the health check out of the way, the handshake itself must refuse.
  await balancer.command("disable health instances/app-1");
  await balancer.command("set server instances/app-1 health up");
  const refusedAgain = await get(balancer.port, trusted, { path: "/secret" });

  assert.deepEqual([refused.status, refusedAgain.status], [503, 503]);
  assert.equal(impostor.requests.length, 0);
});

test("a certificate that the private CA signed is no pinned one", { timeout }, async () => {
  await using impostor = await startInstance("app-1", await ca.issue());
  await using balancer = await balance("clb-backend-auth", [impostor], [selfSigned]);

  assert.equal((await get(balancer.port, trusted)).status, 503);
  assert.equal(impostor.requests.length, 0);
});

test("two pinned keys serve side by side while a key is rotated", { timeout }, async () => {
  const next = await ca.issue({ selfSigned: true });
  await using first = await startInstance("app-1", selfSigned);
  await using second = await startInstance("app-2", next);
  await using balancer = await balance("clb-backend-auth", [first, second], [selfSigned, next]);

  const names = new Set<string>();
  while (names.size < 2) names.add((await untilStatus(balancer.port, trusted, 200)).body);

  assert.deepEqual([...names].sort(), ["app-1", "app-2"]);
});

test("with a network load balancer the client sees the instance's own certificate", { timeout }, async () => {
  const certificate = await ca.issue({ commonName: "the instance itself" });
  await using instance = await startInstance("app-1", certificate);
  await using balancer = await balance("nlb-passthrough", [instance]);

  const answer = await untilStatus(balancer.port, trusted, 200);

  assert.equal(answer.peer.subject.CN, "the instance itself");
  assert.equal(instance.requests[0]?.headers["x-forwarded-for"], undefined);
});

test("the lesson topology ends the encryption at the load balancer", { timeout }, async () => {
  await using instance = await startInstance("app-1", undefined);
  await using balancer = await balance("alb-terminate", [instance]);

  assert.equal((await untilStatus(balancer.port, trusted, 200)).protocol, "TLSv1.3");
  assert.deepEqual([...instance.protocols], [null]);
});

test("an instance is replaced under load and no request is lost", { timeout }, async () => {
  await using old = await startInstance("old", selfSigned, { delayMs: 30 });
  await using fresh = await startInstance("fresh", selfSigned, { delayMs: 30 });
  await using balancer = await balance("alb-reencrypt", [{ ...old, name: "app-1" }]);
  await untilStatus(balancer.port, trusted, 200);
  const answers: { status: number; body: string }[] = [];
  let isOver = false;
  const load = Array.from({ length: 8 }, async () => {
    const agent = keepAliveAgent();
    while (!isOver) answers.push(await get(balancer.port, trusted, { agent }));
    agent.destroy();
  });

  await balancer.replaceInstance("app-1", fresh.host, fresh.port);
  const servedByOld = old.requests.length;
  await get(balancer.port, trusted);
  isOver = true;
  await Promise.all(load);

  assert.ok(answers.length > 20 && answers.every(({ status }) => status === 200));
  assert.equal(answers.at(-1)?.body, "fresh");
  assert.equal(old.requests.length, servedByOld);
});

test("an instance that does not exist cannot be replaced", { timeout }, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await balance("alb-reencrypt", [instance]);

  await assert.rejects(balancer.replaceInstance("app-9", "127.0.0.1", 1), /no instance "app-9"/);
});

test("a taken port is told with HAProxy's own words, and nothing is left behind", { timeout }, async () => {
  const own = await mkdtemp(join(dir, "own-"));
  await using instance = await startInstance("app-1", selfSigned);
  const taken = {
    dir: own,
    programs: await sharedPrograms(),
    topology: "nlb-passthrough" as const,
    port: instance.port,
    instances: [instance],
  };

  await assert.rejects(startLoadBalancer(taken), /Address already in use|already in use/i);
  assert.deepEqual(await readdir(own), []);
});

test("the private key leaves the disk once HAProxy has read it, and close() leaves nothing", {
  timeout,
}, async () => {
  await using instance = await startInstance("app-1", selfSigned);
  const balancer = await balance("alb-reencrypt", [instance]);
  const folder = join(balancer.statsSocket, "..");

  assert.ok(!(await readdir(folder)).includes("front.pem"));
  await balancer.close();

  await assert.rejects(access(folder), { code: "ENOENT" });
  assert.deepEqual(await balancer.exited, { code: null, signal: "SIGTERM" });
});
