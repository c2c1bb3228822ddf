import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import test from "node:test";
import fc from "fast-check";
import { selfSigned } from "../../src/index.ts";
import { Nss } from "../support/nss.ts";
import { asAsked, hostLists } from "../support/oracle.ts";
import { startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const VALID = "certificate is valid";
const UNTRUSTED = "certificate is invalid: Issuer certificate is invalid.";
const HOUR_MS = 3_600_000;
/** NSS takes a certificate a day before its time, for clocks that differ. https://github.com/nss-dev/nss/blob/master/lib/certdb/certdb.c */
const PENDING_SLOP_MS = 24 * HOUR_MS;

async function certificateFor(hosts: readonly string[]): Promise<string> {
  return (await selfSigned({ hosts }).load()).cert;
}

/** Returns a certificate with one bit of its signature, which is its end, turned over. */
function withAnotherSignature(cert: string): string {
  const { raw } = new X509Certificate(cert);
  raw[raw.length - 5] = (raw.at(-5) ?? 0) ^ 1;
  return `-----BEGIN CERTIFICATE-----\n${raw.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

async function certificatesFor(lists: readonly string[][]): Promise<Map<string, string>> {
  const certs = new Map<string, string>();
  for (const [index, hosts] of lists.entries()) certs.set(`cert-${index}`, await certificateFor(hosts));
  return certs;
}

test("NSS accepts what is made for any list of hosts and addresses, once it is trusted", async (t) => {
  const nss = await Nss.open(t);
  const lists = fc.sample(hostLists, 300);
  await nss.add(await certificatesFor(lists), "asServer");

  const accepted = await nss.acceptedFirst(lists.map((_, index) => `cert-${index}`));

  assert.equal(accepted, lists.length, `refused for ${lists[accepted]}`);
});

test("NSS minds nothing but the missing trust before, and so the signature is good", async (t) => {
  const nss = await Nss.open(t);
  const certs = await certificatesFor(fc.sample(hostLists, 50));
  await nss.add(certs, "not");

  for (const name of certs.keys()) assert.equal(await nss.verdict(name), UNTRUSTED);
});

test("NSS takes a server for each host of its certificate, and for no other", async (t) => {
  const nss = await Nss.open(t);
  const source = new SwitchableSource(await selfSigned().load());
  const { server, port } = await startServer(t, { source });

  for (const [index, hosts] of fc.sample(hostLists, 30).entries()) {
    const material = await selfSigned({ hosts }).load();
    await nss.add(new Map([[`cert-${index}`, material.cert]]), "asServer");
    source.give(material);
    assert.equal(await server.reload(), "swapped");
    for (const host of hosts) {
      assert.equal(await nss.handshake(port, asAsked(host)), "OK", `${host} of ${hosts}`);
    }
    assert.equal(await nss.handshake(port, "not-in-the-list.example"), "SSL_ERROR_BAD_CERT_DOMAIN");
  }
});

test("NSS refuses it before its time and after it, and a signature that is not its key's", async (t) => {
  const [nss, doubting] = [await Nss.open(t), await Nss.open(t)];
  const cert = await certificateFor(["a.example"]);
  const { validFromDate, validToDate } = new X509Certificate(cert);
  await nss.add(new Map([["good", cert]]), "asServer");
  // In a database of its own: NSS takes no second certificate of the same serial number.
  await doubting.add(new Map([["tampered", withAnotherSignature(cert)]]), "not");

  assert.equal(await nss.verdict("good", new Date(validToDate.getTime() - HOUR_MS)), VALID);
  assert.match(await nss.verdict("good", new Date(validToDate.getTime() + HOUR_MS)), /has expired/);
  const before = new Date(validFromDate.getTime() - PENDING_SLOP_MS - HOUR_MS);
  assert.match(await nss.verdict("good", before), /has expired/);
  assert.match(await doubting.verdict("tampered"), /invalid signature/);
});

test("NSS refuses a server that shows another key's certificate for a host that it knows", async (t) => {
  const nss = await Nss.open(t);
  const hosts = ["a.example", "127.0.0.1"];
  await nss.add(new Map([["trusted", await certificateFor(hosts)]]), "asServer");
  const { server, port } = await startServer(t, { source: selfSigned({ hosts }) });

  for (const host of hosts) assert.equal(await nss.handshake(port, host), "SEC_ERROR_CA_CERT_INVALID");
  assert.equal(server.state().handshakes.ok, 0);
});
