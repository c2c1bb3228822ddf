import assert from "node:assert/strict";
import test from "node:test";
import { type HopsInput, observeHops } from "../src/hops/index.ts";
import { certificate, DATABASE, FORWARDED, LESSON, observed, PLAIN, THROUGH, TLS } from "./hops-fixtures.ts";

interface Row {
  what: string;
  input: Partial<HopsInput>;
  /** Which hops must be sealed, and which authenticated. */
  sealed: [boolean, boolean, boolean];
  authenticated: [boolean, boolean, boolean];
  /** What the reason of a hop must say, by its place from 1. */
  reason?: Record<number, RegExp>;
}

const rows: Row[] = [
  {
    what: "alb-reencrypt seals three hops and admits that nobody checks the app",
    input: {},
    sealed: [true, true, true],
    authenticated: [false, false, true],
    reason: { 1: /only the client knows/i, 2: /Application Load Balancer never does/ },
  },
  {
    what: "clb-backend-auth seals three hops; the load balancer checks the app by configuration only",
    input: { topology: "clb-backend-auth", forwarded: { proto: "https", tlsVersion: null, tlsCipher: null } },
    sealed: [true, true, true],
    authenticated: [false, true, true],
    reason: { 1: /reports only that the client uses HTTPS/ },
  },
  {
    what: "nlb-passthrough is one TLS connection that only the client can check",
    input: { topology: "nlb-passthrough", ...THROUGH },
    sealed: [true, true, true],
    authenticated: [false, false, true],
    reason: { 2: /passes the bytes through/ },
  },
  {
    what: "single-instance is one TLS connection without a load balancer",
    input: { topology: "single-instance", ...THROUGH },
    sealed: [true, true, true],
    authenticated: [false, false, true],
    reason: { 2: /no load balancer/ },
  },
  {
    what: "alb-terminate is open between load balancer and app",
    input: LESSON,
    sealed: [true, false, true],
    authenticated: [false, false, true],
    reason: { 1: /nothing protects it/, 2: /^Plain HTTP/ },
  },
  {
    what: "alb-terminate promises nothing, even where this one request came in encrypted",
    input: { topology: "alb-terminate" },
    sealed: [true, false, true],
    authenticated: [false, false, true],
    reason: { 2: /promises no encryption/ },
  },
  {
    what: "a plain connection where re-encryption is promised is open",
    input: { connection: PLAIN },
    sealed: [true, false, true],
    authenticated: [false, false, true],
  },
  {
    what: "a plain connection to a pinning load balancer is neither sealed nor checked",
    input: { topology: "clb-backend-auth", connection: PLAIN },
    sealed: [true, false, true],
    authenticated: [false, false, true],
  },
  {
    what: "a plain connection straight to the app is open on both hops",
    input: { topology: "nlb-passthrough", connection: PLAIN, ...THROUGH },
    sealed: [false, false, true],
    authenticated: [false, false, true],
    reason: { 1: /without TLS/ },
  },
  {
    what: "a request past the load balancer shows neither of its hops",
    input: { forwarded: null },
    sealed: [false, false, true],
    authenticated: [false, false, true],
    reason: { 1: /trusted load balancer/, 2: /straight from its sender/ },
  },
  {
    what: "a load balancer that reports nothing leaves hop 1 unseen",
    input: { forwarded: { proto: null, tlsVersion: "TLSv1.3", tlsCipher: null } },
    sealed: [false, true, true],
    authenticated: [false, false, true],
    reason: { 1: /X-Forwarded-Proto/ },
  },
  {
    what: "a client on plain HTTP opens hop 1",
    input: { forwarded: { proto: "http", tlsVersion: null, tlsCipher: null } },
    sealed: [false, true, true],
    authenticated: [false, false, true],
    reason: { 1: /"http", not HTTPS/ },
  },
  {
    what: "a client on plain HTTP opens hop 1 of a classic load balancer too",
    input: { topology: "clb-backend-auth", forwarded: { proto: "http", tlsVersion: null, tlsCipher: null } },
    sealed: [false, true, true],
    authenticated: [false, true, true],
  },
  {
    what: "an unreported TLS version leaves hop 1 unseen and names the attribute to switch on",
    input: { forwarded: { ...FORWARDED, tlsVersion: null } },
    sealed: [false, true, true],
    authenticated: [false, false, true],
    reason: { 1: /routing\.http\.x_amzn_tls_version_and_cipher_suite\.enabled/ },
  },
  {
    what: "a client on TLS 1.1 opens hop 1",
    input: { forwarded: { ...FORWARDED, tlsVersion: "TLSv1.1" } },
    sealed: [false, true, true],
    authenticated: [false, false, true],
    reason: { 1: /TLSv1\.1 is not safe/ },
  },
  {
    what: "TLS 1.1 to the app opens hop 2",
    input: { connection: { ...TLS, protocol: "TLSv1.1" } },
    sealed: [true, false, true],
    authenticated: [false, false, true],
  },
  {
    what: "an encrypted connection of unknown version is not called sealed",
    input: { connection: { ...TLS, protocol: null } },
    sealed: [true, false, true],
    authenticated: [false, false, true],
    reason: { 2: /version of this connection is not known/ },
  },
  {
    what: "TLS 1.2 everywhere is sealed",
    input: {
      connection: { ...TLS, protocol: "TLSv1.2" },
      forwarded: { ...FORWARDED, tlsVersion: "TLSv1.2" },
      database: { ...DATABASE, protocol: "TLSv1.2" },
    },
    sealed: [true, true, true],
    authenticated: [false, false, true],
  },
  {
    what: "an app certificate that has ended opens hop 2",
    input: { serverCertificate: certificate("CN=app.test", 0) },
    sealed: [true, false, true],
    authenticated: [false, false, true],
    reason: { 2: /ended on 2026-06-15/ },
  },
  {
    what: "an app certificate that has ended opens both hops where it faces the client",
    input: { topology: "single-instance", serverCertificate: certificate("CN=app.test", -3), ...THROUGH },
    sealed: [false, false, true],
    authenticated: [false, false, true],
  },
  {
    what: "an app certificate that cannot be read is not called sealed",
    input: { serverCertificate: null },
    sealed: [true, false, true],
    authenticated: [false, false, true],
    reason: { 2: /could not be read/ },
  },
];

for (const { what, input, sealed, authenticated, reason = {} } of rows) {
  test(what, () => {
    const report = observeHops(observed(input));

    assert.deepEqual(
      report.hops.map((hop) => hop.sealed),
      sealed,
    );
    assert.deepEqual(
      report.hops.map((hop) => hop.authenticated),
      authenticated,
    );
    assert.equal(report.verdict, sealed.every(Boolean) ? "sealed" : "open");
    for (const [place, pattern] of Object.entries(reason)) {
      assert.match(report.hops[Number(place) - 1]?.reason ?? "", pattern);
    }
    for (const hop of report.hops) {
      assert.ok((hop.sealed && hop.authenticated) || hop.reason, `${hop.id} does not say why`);
      assert.equal(hop.sealed, hop.problems.length === 0);
    }
  });
}

test("the summary says which hops are open, and why when it is one", () => {
  const summaries = [
    {},
    LESSON,
    { connection: PLAIN, forwarded: null, database: { code: "DB_UNREACHABLE" } as const },
  ].map((input) => observeHops(observed(input)).summary);

  assert.equal(summaries[0], "Every hop from the client to the database is encrypted.");
  assert.match(summaries[1] ?? "", /^Hop 2, from the load balancer to the app, is not sealed\. Plain HTTP/);
  assert.match(summaries[2] ?? "", /^Hops 1, 2 and 3 are not sealed/);
});
