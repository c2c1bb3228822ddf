import assert from "node:assert/strict";
import { access, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startLoadBalancer } from "../../src/load-balancer/index.ts";
import { freePort } from "../../src/process/index.ts";
import { balance, dir, selfSigned, trusted } from "./balance.ts";
import { get, keepAliveAgent, untilStatus } from "./client.ts";
import { startInstance } from "./instance.ts";
import { sharedPrograms } from "./programs.ts";

const timeout = 30_000;

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

test("a folder whose name has many letters beyond ASCII is not too long for the socket", {
  timeout,
}, async () => {
  // As many characters as are allowed, and twice as many bytes.
  const own = join(dir, "ü".repeat(90 - dir.length - "/load-balancer-XXXXXX/stats.sock".length - 1));
  await using instance = await startInstance("app-1", selfSigned);
  await using balancer = await startLoadBalancer({
    dir: own,
    programs: await sharedPrograms(),
    topology: "alb-reencrypt",
    port: await freePort(),
    instances: [instance],
    certificate: selfSigned,
  });

  assert.equal(await balancer.command("show version").then((version) => version.length > 0), true);
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
