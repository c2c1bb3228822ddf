import assert from "node:assert/strict";
import test, { before } from "node:test";
import { type CertMaterial, createTlsServer, inspectCertificate, type RejectEvent } from "../../src/index.ts";
import { probe } from "../support/client.ts";
import { collect } from "../support/collect.ts";
import { type Issued, issue } from "../support/pki.ts";
import { startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const HOUR_MS = 3_600_000;
let good: Issued;
let other: Issued;
let authority: Issued;
let child: Issued;

before(async () => {
  [good, other, authority] = [
    await issue(),
    await issue(),
    await issue({ isCa: true, name: "CN=authority" }),
  ];
  child = await issue({ issuer: authority });
});

/** What a source may deliver by mistake, and the code that says so. */
const BAD_CANDIDATES: [string, string, () => CertMaterial | Promise<CertMaterial>][] = [
  ["a key of another certificate", "TLS_KEY_MISMATCH", () => ({ key: good.key, cert: other.cert })],
  ["garbage", "TLS_CERT_UNREADABLE", () => ({ key: other.key, cert: "not a certificate" })],
  ["nothing", "TLS_CERT_EMPTY", () => ({ key: "", cert: "" })],
  ["a certificate without its key", "TLS_KEY_MISSING", () => ({ key: "", cert: other.cert })],
  ["a certificate cut off", "TLS_PEM_TRUNCATED", () => ({ key: other.key, cert: other.cert.slice(0, 200) })],
  ["CRLF line ends", "TLS_PEM_CRLF", () => ({ key: other.key, cert: other.cert.replaceAll("\n", "\r\n") })],
  ["an expired certificate", "TLS_CERT_EXPIRED", () => issue({ notAfter: new Date(Date.now() - HOUR_MS) })],
  [
    "a certificate of tomorrow",
    "TLS_CERT_NOT_YET_VALID",
    () => issue({ notBefore: new Date(Date.now() + HOUR_MS) }),
  ],
  ["a certificate for another host", "TLS_CERT_WRONG_HOST", () => issue({ hosts: ["other.example"] })],
  ["a chain in reverse", "TLS_CHAIN_REVERSED", () => ({ key: child.key, cert: authority.cert + child.cert })],
  ["an RSA key of 1024 bits", "TLS_KEY_WEAK", () => issue({ algorithm: "rsa1024" })],
  [
    "a signature with SHA-1",
    "TLS_CERT_WEAK_SIGNATURE",
    () => issue({ issuer: authority, signedWith: "p256sha1" }),
  ],
  ["a CA's certificate", "TLS_CERT_IS_CA", () => issue({ isCa: true })],
];

for (const [what, code, make] of BAD_CANDIDATES) {
  test(`refuses ${what} and goes on serving the old certificate`, async (t) => {
    const events = collect<RejectEvent>(t, "tls:reject");
    const source = new SwitchableSource(good);
    const { server, port } = await startServer(t, { source, hosts: ["localhost"] });
    const { fingerprint256 } = server.state();
    const bad = await make();
    source.give(bad);

    const result = await server.reload();

    assert.ok(typeof result === "object");
    assert.equal(result.code, code);
    assert.equal(server.state().lastRejected?.code, code);
    assert.equal(server.state().lastRejected?.message, result.message);
    assert.deepEqual(events, [result]);
    assert.equal(server.state().fingerprint256, fingerprint256);
    assert.equal((await probe(port)).fingerprint256, fingerprint256);
    assert.deepEqual([server.state().swaps, server.state().rejections], [0, 1]);
  });

  test(`does not start with ${what}`, async () => {
    const bad = await make();
    const started = createTlsServer(() => undefined, {
      source: { load: async () => bad },
      hosts: ["localhost"],
    });

    await assert.rejects(started, (error: Error & { code?: string }) => {
      assert.equal(error.code, "TLS_NO_CERTIFICATE");
      assert.equal((error.cause as { code?: string }).code, code);
      return true;
    });
  });
}

/** Certificates that pass every inspection of their contents and yet can serve nobody. */
const UNUSABLE: [string, Parameters<typeof issue>[0]][] = [
  ["an Ed25519 key, which no load balancer speaks", { algorithm: "ed25519" }],
  ["a P-521 key, which the policy's signature algorithms leave out", { algorithm: "p521" }],
  ["a key usage for signing certificates only", { keyUsage: "keyCertSign" }],
  ["a key usage without digital signatures", { keyUsage: "keyAgreement" }],
];

for (const [what, options] of UNUSABLE) {
  test(`the rehearsal refuses ${what}, which the inspection cannot see`, async (t) => {
    const source = new SwitchableSource(good);
    const { server, port } = await startServer(t, { source });
    const candidate = await issue(options);
    source.give(candidate);

    const result = await server.reload();

    assert.deepEqual(inspectCertificate(candidate).problems, []);
    assert.equal(typeof result === "object" && result.code, "TLS_REHEARSAL_FAILED");
    assert.equal((await probe(port)).fingerprint256, inspectCertificate(good).fingerprint256);
  });
}

test("the rehearsal in TLS 1.3 alone refuses a certificate that a verifying client would refuse", async (t) => {
  const source = new SwitchableSource(good);
  const { server } = await startServer(t, { source, profile: "modern" });
  source.give(await issue({ keyUsage: "keyCertSign" }));

  const result = await server.reload();

  assert.ok(typeof result === "object");
  assert.match(result.message, /TLSv1\.3 handshake: INVALID_PURPOSE/);
});

test("the rehearsal accepts what load balancers accept: P-256, P-384 and RSA 2048, in both profiles", async (t) => {
  for (const profile of ["intermediate", "modern"] as const) {
    const source = new SwitchableSource(good);
    const { server } = await startServer(t, { source, profile });
    for (const algorithm of ["p256", "p384", "rsa2048"] as const) {
      source.give(await issue({ algorithm }));
      assert.equal(await server.reload(), "swapped", `${profile} ${algorithm}`);
    }
  }
});

test("the rehearsal leaves the question of time to the clock that the server was given", async (t) => {
  const future = Date.parse("2040-06-01T00:00:00Z");
  const pair = await issue({ notBefore: new Date(future - HOUR_MS), notAfter: new Date(future + HOUR_MS) });
  const { server } = await startServer(t, { source: { load: async () => pair }, now: () => future });

  assert.equal(server.state().fingerprint256, inspectCertificate(pair).fingerprint256);
});
