import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import test from "node:test";
import { inspectCertificate, selfSigned, TlsError } from "../src/index.ts";
import { handshake } from "./support/client.ts";
import { startServer } from "./support/server.ts";

const DAY_MS = 86_400_000;

test("makes a P-256 server certificate that passes its own inspection for every host given", async () => {
  const hosts = ["app.example.org", "bücher.example", "10.0.0.7", "2001:db8::1"];
  const material = await selfSigned({ hosts }).load();
  const certificate = new X509Certificate(material.cert);

  assert.deepEqual(inspectCertificate(material, { hosts }).problems, []);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  assert.equal(certificate.ca, false);
  assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
});

test("names an address as it is meant, whichever way it is written", async () => {
  const hosts = ["::ffff:10.0.0.7", "64:ff9b::10.0.0.7", "FE80::1%eth0"];
  const { cert } = await selfSigned({ hosts }).load();

  assert.equal(
    new X509Certificate(cert).subjectAltName,
    "IP Address:0:0:0:0:0:FFFF:A00:7, IP Address:64:FF9B:0:0:0:0:A00:7, IP Address:FE80:0:0:0:0:0:0:1",
  );
});

test("is accepted by a verifying client that pins it", async (t) => {
  const material = await selfSigned().load();
  const { port } = await startServer(t, { source: { load: async () => material } });
  const socket = await handshake(port, {
    rejectUnauthorized: true,
    ca: material.cert,
    servername: "localhost",
  });

  assert.equal(socket.authorized, true);
  socket.destroy();
});

test("makes a new key and a new positive serial of 128 bits each time", async () => {
  const source = selfSigned();
  const pairs = await Promise.all(Array.from({ length: 20 }, () => source.load()));
  const serials = pairs.map(({ cert }) => new X509Certificate(cert).serialNumber);

  assert.equal(new Set(serials).size, 20);
  assert.equal(new Set(pairs.map(({ key }) => key)).size, 20);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
});

test("begins five minutes early, ends after the days given, and asks for renewal at two thirds", async () => {
  const now = Date.parse("2031-05-05T05:05:05Z");
  const material = await selfSigned({ days: 30, now: () => now }).load();
  const certificate = new X509Certificate(material.cert);

  assert.equal(certificate.validFromDate.getTime(), now - 5 * 60_000);
  assert.equal(certificate.validToDate.getTime(), now + 30 * DAY_MS);
  assert.equal(material.renewAt?.getTime(), now + 20 * DAY_MS);
});

test("writes dates from 2050 on in the form that the standard asks for", async () => {
  const now = Date.parse("2049-12-25T00:00:00Z");
  const material = await selfSigned({ days: 30, now: () => now }).load();

  assert.equal(new X509Certificate(material.cert).validToDate.toISOString(), "2050-01-24T00:00:00.000Z");
});

test("refuses hosts that are no host names and days out of range", async () => {
  for (const days of [0, -1, 399, Number.NaN]) {
    assert.throws(() => selfSigned({ days }), { code: "TLS_OPTION_INVALID" });
  }
  for (const host of ["", "a b", "http://x", "a..b", `${"a.".repeat(130)}com`]) {
    await assert.rejects(
      selfSigned({ hosts: [host] }).load(),
      (error) => error instanceof TlsError && error.code === "TLS_OPTION_INVALID",
    );
  }
});
