import assert from "node:assert/strict";
import test from "node:test";
import { sslscanFindings } from "../src/sslscan-report.ts";

const GOOD = `<ssltest host="127.0.0.1">
  <protocol type="ssl" version="3" enabled="0" />
  <protocol type="tls" version="1.1" enabled="0" />
  <protocol type="tls" version="1.2" enabled="1" />
  <cipher status="preferred" sslversion="TLSv1.3" bits="128" cipher="TLS_AES_128_GCM_SHA256" id="0x1301" />
  <cipher status="accepted" sslversion="TLSv1.2" bits="256" cipher="ECDHE-ECDSA-CHACHA20-POLY1305" />`;

test("TLS 1.2 and 1.3 with authenticated encryption and forward secrecy are no weakness", () => {
  assert.deepEqual(sslscanFindings(GOOD), []);
});

test("an old protocol is found", () => {
  assert.deepEqual(sslscanFindings(GOOD.replace('"1.1" enabled="0"', '"1.1" enabled="1"')), [
    "tls 1.1 is on",
  ]);
});

test("CBC is found, and static RSA", () => {
  const cbc = `${GOOD}<cipher status="accepted" sslversion="TLSv1.2" cipher="ECDHE-RSA-AES128-SHA256" />`;
  const rsa = `${GOOD}<cipher status="accepted" sslversion="TLSv1.2" cipher="AES128-GCM-SHA256" />`;

  assert.deepEqual(sslscanFindings(cbc), ["TLSv1.2 ECDHE-RSA-AES128-SHA256 has no authenticated encryption"]);
  assert.deepEqual(sslscanFindings(rsa), ["TLSv1.2 AES128-GCM-SHA256 has no forward secrecy"]);
});

test("a report without suites is an error, not a clean result", () => {
  assert.throws(() => sslscanFindings("<ssltest></ssltest>"), RangeError);
});
