import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:tls";
import { balancerFeatures } from "../../src/load-balancer/features.ts";
import { balance, selfSigned, trusted } from "./balance.ts";
import { get, untilStatus } from "./client.ts";
import { startInstance } from "./instance.ts";
import { sharedPrograms } from "./programs.ts";

const timeout = 30_000;

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

test("the lesson topology ends the encryption at the load balancer", { timeout }, async () => {
  await using instance = await startInstance("app-1", undefined);
  await using balancer = await balance("alb-terminate", [instance]);

  assert.equal((await untilStatus(balancer.port, trusted, 200)).protocol, "TLSv1.3");
  assert.deepEqual([...instance.protocols], [null]);
});
