import assert from "node:assert/strict";
import test, { before } from "node:test";
import { type ConnectionOptions, getCiphers } from "node:tls";
import { tlsOptions } from "../src/index.ts";
import { keyExchangeGroups } from "../src/policy/key-exchange-groups.ts";
import { BEST_GROUP, hasPostQuantum } from "./support/best-group.ts";
import { get, probe, sessionFrom } from "./support/client.ts";
import { type Issued, issue } from "./support/pki.ts";
import { startServer } from "./support/server.ts";

const TLS12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
const TLS12_SUITES = {
  p256: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"],
  rsa2048: ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"],
};
const TLS13_SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
const CLASSIC_GROUPS = ["P-256", "P-384", "X25519"];
/** Every group that OpenSSL 3.5 can be told to offer. https://docs.openssl.org/3.5/man3/SSL_CTX_set1_curves/ */
const KNOWN_GROUPS = [
  ...CLASSIC_GROUPS,
  "X25519MLKEM768",
  "P-521",
  "X448",
  "brainpoolP256r1tls13",
  "brainpoolP384r1tls13",
  "brainpoolP512r1tls13",
  "ffdhe2048",
  "ffdhe3072",
  "ffdhe4096",
  "MLKEM512",
  "MLKEM768",
  "MLKEM1024",
  "SecP256r1MLKEM768",
  "SecP384r1MLKEM1024",
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
  test(`of every suite that OpenSSL knows, speaks exactly those of the policy with a ${algorithm} certificate`, async (t) => {
    const { port } = await startServer(t, { source: sourceOf(algorithm) });
    const known = getCiphers().map((name) => name.toUpperCase());
    const isTls13 = (name: string) => name.startsWith("TLS_");
    const accepted = async (suites: string[], options: (name: string) => ConnectionOptions) => {
      const outcomes = await Promise.all(suites.map((name) => isRefused(port, options(name))));
      return suites.filter((_, index) => outcomes[index] === false).sort();
    };

    const tls12 = await accepted(
      known.filter((name) => !isTls13(name)),
      (ciphers) => ({ ...TLS12, ciphers: `${ciphers}:@SECLEVEL=0` }),
    );
    const tls13 = await accepted(known.filter(isTls13), (ciphers) => ({ minVersion: "TLSv1.3", ciphers }));

    assert.ok(known.length > 50, `OpenSSL knows ${known.length} suites only`);
    assert.deepEqual(tls12, TLS12_SUITES[algorithm]);
    assert.deepEqual(tls13, TLS13_SUITES);
  });
}

test("of every group that OpenSSL knows, agrees on exactly those of the policy", async (t) => {
  const { port } = await startServer(t);
  const refused = await Promise.all(KNOWN_GROUPS.map((ecdhCurve) => isRefused(port, { ecdhCurve })));

  const agreed = KNOWN_GROUPS.filter((_, index) => !refused[index]);
  assert.deepEqual(agreed, hasPostQuantum ? [...CLASSIC_GROUPS, "X25519MLKEM768"] : CLASSIC_GROUPS);
});

test("the server's order of suites decides, not the client's", async (t) => {
  const { port } = await startServer(t, { source: sourceOf("p256") });
  const ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256";

  assert.equal((await probe(port, { ...TLS12, ciphers })).cipher, "ECDHE-ECDSA-AES128-GCM-SHA256");
});

test("a client with default settings negotiates the post-quantum group where both sides have it", async (t) => {
  const { server, port } = await startServer(t);

  assert.equal((await get(port)).status, 200);
  // As the server saw it: a client of Node before 24.19 cannot name a post-quantum group.
  assert.deepEqual(server.state().handshakes.byGroup, { [BEST_GROUP]: 1 });
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

test("resumes sessions of both protocol versions", async (t) => {
  const { server, port } = await startServer(t);

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const session = await sessionFrom(port, { maxVersion });
    assert.equal((await get(port, { maxVersion, session })).status, 200);
  }
  assert.equal(server.state().handshakes.resumed, 2);
});
