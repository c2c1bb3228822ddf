import assert from "node:assert/strict";
import test, { before } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { tlsOptions } from "../src/index.ts";
import { keyExchangeGroups } from "../src/policy/key-exchange-groups.ts";
import { exchangeBytes, get, handshake, probe, sessionFrom } from "./support/client.ts";
import { type Issued, issue } from "./support/pki.ts";
import { startServer } from "./support/server.ts";

const TLS12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
const TLS12_SUITES = {
  p256: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"],
  rsa2048: ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"],
};
const REFUSED_SUITES = [
  "ECDHE-ECDSA-AES128-SHA256",
  "ECDHE-RSA-AES128-SHA256",
  "ECDHE-ECDSA-AES256-CCM",
  "AES128-GCM-SHA256",
  "AES256-SHA",
  "DHE-RSA-AES128-GCM-SHA256",
];

const pairs: Record<string, Issued> = {};

before(async () => {
  for (const algorithm of ["p256", "rsa2048"] as const) pairs[algorithm] = await issue({ algorithm });
});

function sourceOf(name: keyof typeof TLS12_SUITES) {
  return { load: async () => pairs[name] as Issued };
}

function isRefused(port: number, options: ConnectionOptions) {
  return probe(port, options).then(
    () => false,
    () => true,
  );
}

test("the option set is frozen as a whole and the same for every call", () => {
  const options = tlsOptions("intermediate");

  assert.equal(Object.isFrozen(options), true);
  assert.equal(Object.isFrozen(options.ALPNProtocols), true);
  assert.deepEqual(options, tlsOptions());
});

test("an unknown profile is refused with the two that exist", () => {
  assert.throws(() => tlsOptions("old" as "modern"), {
    code: "TLS_OPTION_INVALID",
    message: /"modern" or "intermediate"/,
  });
});

test("offers the post-quantum group first where the runtime has it and leaves it out where not", () => {
  assert.equal(
    keyExchangeGroups(() => true),
    "X25519MLKEM768:X25519:P-256:P-384",
  );
  assert.equal(
    keyExchangeGroups(() => false),
    "X25519:P-256:P-384",
  );
});

test("refuses TLS 1.0 and 1.1 although the client allows them", async (t) => {
  const { port } = await startServer(t);

  for (const version of ["TLSv1", "TLSv1.1"] as const) {
    const options = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
    await assert.rejects(probe(port, options), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  }
});

test("the modern profile refuses TLS 1.2 and speaks TLS 1.3", async (t) => {
  const { port } = await startServer(t, { profile: "modern" });

  await assert.rejects(probe(port, TLS12), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  assert.equal((await probe(port)).protocol, "TLSv1.3");
});

for (const algorithm of ["p256", "rsa2048"] as const) {
  test(`speaks exactly the three TLS 1.2 suites of the policy with a ${algorithm} certificate`, async (t) => {
    const { port } = await startServer(t, { source: sourceOf(algorithm) });

    for (const ciphers of TLS12_SUITES[algorithm]) {
      assert.equal((await probe(port, { ...TLS12, ciphers })).cipher, ciphers);
    }
    for (const ciphers of REFUSED_SUITES) {
      assert.equal(await isRefused(port, { ...TLS12, ciphers: `${ciphers}:@SECLEVEL=0` }), true, ciphers);
    }
  });
}

test("the server's order of suites decides, not the client's", async (t) => {
  const { port } = await startServer(t, { source: sourceOf("p256") });
  const ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256";

  assert.equal((await probe(port, { ...TLS12, ciphers })).cipher, "ECDHE-ECDSA-AES128-GCM-SHA256");
});

test("a client with default settings negotiates the post-quantum group", async (t) => {
  const { port } = await startServer(t);

  assert.equal((await probe(port)).group, "X25519MLKEM768");
});

test("a TLS 1.2 client that knows P-256 only connects, and one that knows only weak groups does not", async (t) => {
  const { port } = await startServer(t);

  assert.equal((await probe(port, { ...TLS12, ecdhCurve: "P-256" })).group, "prime256v1");
  assert.equal((await probe(port, { ecdhCurve: "P-384" })).group, "secp384r1");
  assert.equal(await isRefused(port, { ecdhCurve: "P-521" }), true);
  assert.equal(await isRefused(port, { ecdhCurve: "ffdhe2048" }), true);
});

test("negotiates http/1.1 and refuses a client that insists on h2", async (t) => {
  const { port } = await startServer(t);

  assert.equal((await probe(port, { ALPNProtocols: ["h2", "http/1.1"] })).alpn, "http/1.1");
  await assert.rejects(probe(port, { ALPNProtocols: ["h2"] }), {
    code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
  });
});

test("an HTTP/2 preface without negotiation gets 400 and the connection is closed", async (t) => {
  const { port } = await startServer(t);
  const socket = await handshake(port);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve));

  assert.match(answer, /^HTTP\/1\.1 400 /);
});

test("refuses renegotiation at the first attempt", async (t) => {
  const { port } = await startServer(t);
  const socket = await handshake(port, TLS12);
  const outcome = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    socket.renegotiate({}, resolve);
    socket.once("error", resolve);
  });

  assert.equal(outcome?.code, "ERR_SSL_NO_RENEGOTIATION");
  socket.destroy();
});

test("serves the default certificate to unknown, absent, Unicode and overlong server names", async (t) => {
  const { server, port } = await startServer(t);
  const names = ["other.example", "", "xn--bcher-kva.example", "a".repeat(250)];

  for (const servername of names) {
    assert.equal(
      (await probe(port, { servername })).fingerprint256,
      server.state().fingerprint256,
      servername,
    );
  }
  await isRefused(port, { servername: "a".repeat(10_000) });
  assert.equal((await get(port)).status, 200);
});

test("closes plain HTTP without an answer, counts it and goes on", async (t) => {
  const { server, port } = await startServer(t);

  assert.equal(await exchangeBytes(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "");
  assert.equal(server.state().httpOnTls, 1);
  assert.equal(server.state().handshakes.failed, 1);
  assert.equal((await get(port)).status, 200);
});

test("survives garbage in place of a handshake and counts each as failed", async (t) => {
  const { server, port } = await startServer(t);

  for (const bytes of [
    "\x16\x03\x01\xff\xff",
    "\0".repeat(100),
    "SSH-2.0-x\r\n",
    "\x16\x03\x01\0\x05hello",
  ]) {
    await exchangeBytes(port, `${bytes}${"x".repeat(20_000)}`);
  }

  assert.equal(server.state().handshakes.failed, 4);
  assert.equal(server.state().httpOnTls, 0);
  assert.equal((await get(port)).status, 200);
});

test("resumes sessions of both protocol versions", async (t) => {
  const { server, port } = await startServer(t);

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const session = await sessionFrom(port, { maxVersion });
    assert.equal((await get(port, { maxVersion, session })).status, 200);
  }
  assert.equal(server.state().handshakes.resumed, 2);
});
