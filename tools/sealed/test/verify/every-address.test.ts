import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { freePort, privateCa } from "@sealed/servers";
import { answer, judge } from "../../src/verify/check.ts";
import { lookFromOutside } from "../../src/verify/outside/look-from-outside.ts";
import { mergeLooks } from "../../src/verify/outside/merge-looks.ts";
import { type Claims, startClaiming } from "../support/verify/claiming.ts";
import { startFront } from "../support/verify/front.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";

// A safety net against a hang.
const timeout = 60_000;
const FIRST = "127.0.0.1";
const SECOND = "127.0.0.2";

const { directory, ca, certificate } = await ownAuthority();

const start = async (address: string, port: number, claims: Partial<Claims> = {}) =>
  await startClaiming({
    topology: "single-instance",
    certificate,
    ...claims,
    front: { ...claims.front, address, port },
  });

/** Looks at a name that has these addresses, and returns what is not as promised. */
async function look(port: number, addresses: readonly string[], httpPort?: number) {
  const target = {
    origin: "url",
    url: new URL(`https://localhost:${port}`),
    topology: "single-instance",
    trust: { kind: "authorities", pems: [ca.certificatePem] },
    httpPort,
    instances: [],
    instanceNames: [],
    areAllKnown: false,
    hopsPage: "on",
  } as const;
  const { checks, isSilent } = await lookFromOutside(
    target,
    new AbortController().signal,
    new Date(),
    async () => addresses,
  );
  const found = checks.filter(({ status }) => status !== "ok");
  return { isSilent, checks, found: found.map(({ id, status, subject }) => `${id} ${status} ${subject}`) };
}

test("a name whose addresses are all well has one line for each check", { timeout }, async () => {
  const port = await freePort();
  await using _first = await start(FIRST, port);
  await using _second = await start(SECOND, port);

  const both = await look(port, [FIRST, SECOND]);
  const one = await look(port, [FIRST]);

  assert.deepEqual(both.found, []);
  assert.deepEqual(
    both.checks.map(({ id }) => id),
    one.checks.map(({ id }) => id),
  );
});

test("the one address of two that accepts TLS 1.1 is named", { timeout }, async () => {
  const port = await freePort();
  await using _first = await start(FIRST, port);
  await using _second = await start(SECOND, port, {
    front: {
      tls: { minVersion: "TLSv1.1", ciphers: "ECDHE-ECDSA-AES128-SHA:TLS_AES_128_GCM_SHA256:@SECLEVEL=0" },
    },
  });

  const { found } = await look(port, [FIRST, SECOND]);

  assert.deepEqual(found, [`protocol-floor failed ${SECOND}`, `cipher-suites failed ${SECOND}`]);
});

test("the one address of two with a certificate of somebody else is named", { timeout }, async () => {
  const stranger = await privateCa({ dir: join(directory, "stranger"), name: "Stranger" });
  const port = await freePort();
  await using _first = await start(FIRST, port);
  await using _second = await start(SECOND, port, { certificate: await stranger.issue() });

  assert.deepEqual((await look(port, [FIRST, SECOND])).found, [`certificate-chain failed ${SECOND}`]);
});

test("the one address of two that answers in plain HTTP, on either port, is named", { timeout }, async () => {
  const port = await freePort();
  const httpPort = await freePort();
  await using _first = await start(FIRST, port);
  const plain = {
    behind: [],
    host: "",
    answer: (_: unknown, response: { end(): unknown }) => !!response.end(),
  };
  await using _second = await startFront({ ...plain, address: SECOND, port });
  await using _third = await startFront({ ...plain, address: SECOND, port: httpPort });

  const { found } = await look(port, [FIRST, SECOND], httpPort);

  assert.deepEqual(found, [`encrypted failed ${SECOND}`, `plain-http failed ${SECOND}`]);
});

test("an address where nothing listens opens nothing, while another answers", { timeout }, async () => {
  const port = await freePort();
  await using _first = await start(FIRST, port);

  assert.deepEqual((await look(port, [SECOND, FIRST])).found, []);
  const none = await look(await freePort(), [FIRST, SECOND]);
  assert.deepEqual([none.isSilent, none.found], [true, ["encrypted unreached undefined"]]);
});

/** Takes the address and drops whoever wants to connect, as a firewall does: its queue is full, and nobody empties it. */
async function startDropping(address: string, port: number) {
  const worker = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
    require("node:net").createServer().listen({ ...workerData, backlog: 1 }, () => {
      parentPort.postMessage("full");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true, workerData: { host: address, port } },
  );
  await once(worker, "message");
  const queue = Array.from({ length: 4 }, () => connect({ host: address, port }));
  for (const one of queue) one.on("error", () => undefined);
  await Promise.all(queue.slice(0, 2).map((one) => once(one, "connect")));
  return {
    async [Symbol.asyncDispose]() {
      for (const one of queue) one.destroy();
      await worker.terminate();
    },
  };
}

test("an address to which every packet is dropped is noted, as one without a route, while another answers", {
  timeout,
}, async () => {
  const port = await freePort();
  await using _first = await start(FIRST, port);
  await using _second = await startDropping(SECOND, port);

  const { found, checks } = await look(port, [SECOND, FIRST]);

  assert.deepEqual(found, [`encrypted noted ${SECOND}`]);
  assert.equal(checks.find(({ status }) => status === "noted")?.seen, "no connection within 8 s");
});

test("an address that cannot be reached from here is noted while another answers, and claims nothing alone", () => {
  const question = { hop: "client-lb", id: "encrypted", title: "TLS", expected: "TLS" } as const;
  const seen = { address: FIRST, reached: "answers", checks: [judge(question, true, "TLSv1.3")] } as const;
  const unseen = {
    address: SECOND,
    reached: "unknown",
    checks: [answer(question, "unreached", "ENETUNREACH")],
  } as const;
  const told = (looks: Parameters<typeof mergeLooks>[0]) =>
    mergeLooks(looks).map(({ status, subject }) => `${status} ${subject}`);

  assert.deepEqual(told([seen, unseen]), ["ok undefined", `noted ${SECOND}`]);
  assert.deepEqual(told([unseen, { ...unseen, address: FIRST }]), ["unreached undefined"]);
  const port = { ...question, id: "plain-http" };
  const dropped = { ...unseen, checks: [...unseen.checks, judge(port, true, "no connection within 8 s")] };
  assert.deepEqual(told([dropped, seen]), ["ok undefined", `noted ${SECOND}`]);
  const plain = { ...unseen, checks: [judge(port, false, "answers with 200")] };
  assert.deepEqual(told([plain, seen]), [`failed ${SECOND}`, "ok undefined"]);
});

test("of a name with very many addresses the rest is said not to have been looked at", {
  timeout,
}, async () => {
  const port = await freePort();
  await using _first = await start(FIRST, port);
  const many = [FIRST, ...Array.from({ length: 16 }, (_, index) => `127.0.1.${index}`)];

  const { found } = await look(port, many);

  assert.deepEqual(found, ["addresses unreached undefined"]);
});
