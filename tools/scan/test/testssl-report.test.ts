import assert from "node:assert/strict";
import test from "node:test";
import { testsslFindings } from "../src/testssl-report.ts";

/** Entries as testssl.sh 3.0.8 wrote them, about the app and about a server of Node's own with weak settings. */
const entry = (id: string, severity: string, finding: string) => ({
  id,
  ip: "localhost/127.0.0.1",
  port: "14443",
  severity,
  finding,
});

const GOOD = [
  entry("engine_problem", "WARN", "No engine or GOST support via engine with your openssl"),
  entry("SSLv2", "OK", "not offered"),
  entry("SSLv3", "OK", "not offered"),
  entry("TLS1", "INFO", "not offered"),
  entry("TLS1_1", "INFO", "not offered"),
  entry("TLS1_2", "OK", "offered"),
  entry("TLS1_3", "OK", "offered with final"),
  entry("heartbleed", "OK", "not vulnerable, no heartbeat extension"),
  entry("ROBOT", "OK", "not vulnerable, no RSA key transport cipher"),
  entry("BREACH", "OK", "not vulnerable, no HTTP compression  - only supplied '/' tested"),
  entry("fallback_SCSV", "OK", "no protocol below TLS 1.2 offered"),
  entry("DROWN_hint", "INFO", "no RSA certificate, can't be used with SSLv2 elsewhere"),
  entry("LUCKY13", "OK", "not vulnerable"),
  entry(
    "cipher-tls1_2_xc02b",
    "INFO",
    "TLS 1.2   xc02b   ECDHE-ECDSA-AES128-GCM-SHA256     ECDH 253   AESGCM      128      TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  ),
  entry(
    "cipher-tls1_3_x1303",
    "INFO",
    "TLS 1.3   x1303   TLS_CHACHA20_POLY1305_SHA256      ECDH 253   ChaCha20    256      TLS_CHACHA20_POLY1305_SHA256",
  ),
  entry("scanTime", "INFO", "33"),
];

const findings = (...more: object[]) => testsslFindings(JSON.stringify([...GOOD, ...more]));

test("what testssl.sh says of the app is no finding", () => {
  assert.deepEqual(findings(), []);
});

test("an old protocol is found", () => {
  assert.deepEqual(findings(entry("TLS1_1", "LOW", "offered (deprecated)")), [
    "TLS1_1: offered (deprecated)",
  ]);
});

test("what is vulnerable is found, also potentially, in capitals or not", () => {
  assert.deepEqual(
    findings(
      entry("LUCKY13", "LOW", "potentially vulnerable, uses TLS CBC ciphers"),
      entry("heartbleed", "CRITICAL", "VULNERABLE"),
    ),
    ["LUCKY13: potentially vulnerable, uses TLS CBC ciphers", "heartbleed: VULNERABLE"],
  );
});

test("what is of medium severity is found, whatever it is called", () => {
  assert.deepEqual(findings(entry("secure_client_renego", "MEDIUM", "supported")), [
    "secure_client_renego: supported",
  ]);
});

test("CBC is found, and static RSA", () => {
  const cbc =
    "TLS 1.2   xc013   ECDHE-RSA-AES128-SHA              ECDH 253   AES         128      TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
  const rsa =
    "TLS 1.2   x9c     AES128-GCM-SHA256                 RSA        AESGCM      128      TLS_RSA_WITH_AES_128_GCM_SHA256";

  assert.deepEqual(
    findings(entry("cipher-tls1_2_xc013", "INFO", cbc), entry("cipher-tls1_2_x9c", "INFO", rsa)),
    [
      "TLS 1.2 ECDHE-RSA-AES128-SHA has no authenticated encryption",
      "TLS 1.2 AES128-GCM-SHA256 has no forward secrecy",
    ],
  );
});

test("a scan that was interrupted, or that saw no suite, is an error and not a clean result", () => {
  const interrupted = GOOD.map((one) =>
    one.id === "scanTime" ? entry("scanTime", "WARN", "Scan interrupted") : one,
  );
  const blind = GOOD.filter(({ id }) => !id.startsWith("cipher-"));

  for (const report of [interrupted, blind, []]) {
    assert.throws(() => testsslFindings(JSON.stringify(report)), RangeError);
  }
});
