import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent } from "node:https";
import { monitorEventLoopDelay } from "node:perf_hooks";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createTlsServer, type SwapEvent, selfSigned } from "../src/index.ts";
import { get, handshake, probe } from "./support/client.ts";
import { collect } from "./support/collect.ts";
import { issue } from "./support/pki.ts";
import { listen, startServer } from "./support/server.ts";
import { SwitchableSource } from "./support/switchable-source.ts";

/** Everything a client can see of the policy, with a code in place of what is refused. */
async function observePolicy(port: number): Promise<Record<string, unknown>> {
  const tls12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const attempts = {
    default: {},
    tls11: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    tls12: { ...tls12 },
    cbc: { ...tls12, ciphers: "ECDHE-ECDSA-AES128-SHA256" },
    x25519: { ecdhCurve: "X25519" },
    p521: { ecdhCurve: "P-521" },
    h2: { ALPNProtocols: ["h2"] },
    h11: { ALPNProtocols: ["h2", "http/1.1"] },
    clientOrder: { ...tls12, ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256" },
    sha512: { ...tls12, sigalgs: "ECDSA+SHA512" },
  } as const;
  const seen: Record<string, unknown> = {};
  for (const [name, options] of Object.entries(attempts)) {
    seen[name] = await probe(port, options as object).then(
      ({ fingerprint256: _, ...rest }) => rest,
      (error) => error.code,
    );
  }
  const socket = await handshake(port, tls12);
  seen.renegotiation = await new Promise((resolve) => {
    socket.renegotiate({}, (error) => resolve((error as NodeJS.ErrnoException | null)?.code));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  socket.destroy();
  return seen;
}

for (const profile of ["intermediate", "modern"] as const) {
  test(`a swap changes nothing of the ${profile} policy that a client can see`, async (t) => {
    const source = new SwitchableSource(await issue());
    const { server, port } = await startServer(t, { source, profile });
    if (profile === "modern") await assert.rejects(probe(port, { maxVersion: "TLSv1.2" }));
    const before = profile === "modern" ? await probeModern(port) : await observePolicy(port);
    source.give(await issue());

    assert.equal(await server.reload(), "swapped");

    assert.deepEqual(profile === "modern" ? await probeModern(port) : await observePolicy(port), before);
  });
}

async function probeModern(port: number): Promise<unknown> {
  const tls12 = await probe(port, { maxVersion: "TLSv1.2" }).catch((error) => error.code);
  const { fingerprint256: _, ...tls13 } = await probe(port, { ciphers: "TLS_CHACHA20_POLY1305_SHA256" });
  return { tls12, tls13 };
}

test("the next handshake after a swap sees the new certificate, and a channel tells of it", async (t) => {
  const events = collect<SwapEvent>(t, "tls:swap");
  const source = new SwitchableSource(await issue());
  const { server, port } = await startServer(t, { source });
  const old = server.state().fingerprint256;
  source.give({ ...(await issue({ name: "CN=next" })), version: "v2" });

  assert.equal(await server.reload(), "swapped");

  const { fingerprint256, subject, swaps } = server.state();
  assert.notEqual(fingerprint256, old);
  assert.equal((await probe(port)).fingerprint256, fingerprint256);
  assert.deepEqual([subject, swaps], ["CN=next", 1]);
  assert.deepEqual(events, [
    { fingerprint256, previousFingerprint256: old, notAfter: server.state().notAfter, version: "v2" },
  ]);
});

test("the same material again is no swap", async (t) => {
  const pair = await issue();
  const source = new SwitchableSource(pair);
  const { server } = await startServer(t, { source });
  source.give({ key: pair.key, cert: pair.cert });

  assert.equal(await server.reload(), "unchanged");
  assert.equal(server.state().swaps, 0);
});

test("a new chain around the same certificate is a swap", async (t) => {
  const authority = await issue({ isCa: true, name: "CN=authority" });
  const pair = await issue({ issuer: authority });
  const source = new SwitchableSource(pair);
  const { server } = await startServer(t, { source });
  source.give({ key: pair.key, cert: pair.cert, ca: authority.cert });

  assert.equal(await server.reload(), "swapped");
});

test("reloads that come together share one look at the source", async (t) => {
  const source = new SwitchableSource(await issue());
  const { server } = await startServer(t, { source });
  source.give(await issue());
  const loadsBefore = source.loads;

  const results = await Promise.all([server.reload(), server.reload(), server.reload()]);

  assert.deepEqual(results, ["swapped", "swapped", "swapped"]);
  assert.equal(source.loads - loadsBefore, 1);
});

test("a change announced while an older one is being loaded is not missed", async (t) => {
  const [first, second, third] = [await issue(), await issue(), await issue()];
  const source = new SwitchableSource(first);
  const { server } = await startServer(t, { source });
  const loading = Promise.withResolvers<typeof second>();
  source.answer = () => loading.promise;
  source.announce();
  source.give(third);
  source.announce();
  loading.resolve(second);
  while (server.state().swaps < 2) await nextTurn();

  assert.equal(await server.reload(), "unchanged");
});

test("no request fails while the certificate is swapped again and again under load", async (t) => {
  const pairs = await Promise.all([issue(), issue({ algorithm: "rsa2048" }), issue({ algorithm: "p384" })]);
  const source = new SwitchableSource(pairs[0]);
  const { server, port } = await startServer(t, { source });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  t.after(() => agent.destroy());
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  pauses.enable();
  let isSwapping = true;
  let answered = 0;
  const load = async (options: object) => {
    while (isSwapping) {
      assert.equal((await get(port, options)).status, 200);
      answered++;
    }
  };
  const clients = [...Array.from({ length: 8 }, () => load({ agent })), load({}), load({})];

  for (let swap = 1; swap <= 60; swap++) {
    source.give(pairs[swap % pairs.length] ?? pairs[0]);
    assert.equal(await server.reload(), "swapped");
  }
  isSwapping = false;
  await Promise.all(clients);

  assert.equal(server.state().swaps, 60);
  assert.equal(server.state().handshakes.failed, 0);
  assert.ok(answered > 60, `only ${answered} requests were made`);
  t.diagnostic(
    `event loop paused for ${(pauses.percentile(99) / 1e6).toFixed(1)} ms at most, in 99 of 100 cases`,
  );
});

test("ticket keys of another length than 48 bytes are refused", async () => {
  const options = { source: selfSigned(), ticketKeys: randomBytes(32) };

  await assert.rejects(
    createTlsServer(() => undefined, options),
    { code: "TLS_OPTION_INVALID", message: /48 bytes, got 32/ },
  );
});

test("a server that has closed no longer watches its source and does not swap", async () => {
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(() => undefined, { source });
  await listen(server);
  let aborted = false;
  source.answer = async (signal) => {
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    aborted = true;
    return issue();
  };
  const reload = server.reload();
  await server[Symbol.asyncDispose]();

  assert.equal(await reload, "unchanged");
  assert.equal(aborted, true);
  assert.equal(source.watchers, 0);
  assert.equal(server.state().swaps, 0);
});

test("a server that was never asked to listen can be disposed of", async () => {
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(() => undefined, { source });

  await server[Symbol.asyncDispose]();

  assert.equal(source.watchers, 0);
});

test("a server that is disposed of asks its source no more, whoever calls", async () => {
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(() => undefined, { source });
  await server[Symbol.asyncDispose]();
  const loadsBefore = source.loads;
  source.give(await issue());

  source.announce();
  assert.equal(await server.reload(), "unchanged");

  assert.equal(source.loads, loadsBefore);
});

test("a server that is disposed of while it begins to listen does not listen", async (t) => {
  const server = await createTlsServer(() => undefined, { source: selfSigned() });
  t.after(() => void server.close());
  const listening = once(server, "listening");
  // A name takes a moment to be looked up.
  server.listen(0, "localhost");
  await server[Symbol.asyncDispose]();

  await listening;
  await nextTurn();

  assert.equal(server.listening, false);
});
