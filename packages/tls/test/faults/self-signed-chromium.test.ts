import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type CertMaterial, selfSigned } from "../../src/index.ts";
import { noChromium, openChromium, pageAt } from "../support/chromium.ts";
import { startServer } from "../support/server.ts";

const HOSTS = ["a.example", "*.wild.example", "bücher.example", "127.0.0.1"];
const ADDRESSED = ["a.example", "any.wild.example", "bücher.example", "127.0.0.1"];

async function startPage(t: TestContext, material: CertMaterial) {
  return await startServer(t, { source: { load: async () => material } }, (_request, response) => {
    response.setHeader("Content-Type", "text/html").end("<p>the page");
  });
}

test("Chromium opens the page for each name and address of a certificate that it trusts", {
  skip: noChromium,
}, async (t) => {
  const material = await selfSigned({ hosts: HOSTS }).load();
  const { server, port } = await startPage(t, material);
  const browser = await openChromium(t, [material.cert]);

  for (const host of ADDRESSED) assert.equal(await pageAt(browser, `https://${host}:${port}/`), "the page");
  // The browser's own default, which is not set here.
  assert.deepEqual(Object.keys(server.state().handshakes.byGroup), ["X25519MLKEM768"]);
});

test("Chromium opens no page under a name that is not in the certificate, or with a certificate that it does not trust", {
  skip: noChromium,
}, async (t) => {
  const material = await selfSigned({ hosts: HOSTS }).load();
  const [known, stranger] = [
    await startPage(t, material),
    await startPage(t, await selfSigned({ hosts: HOSTS }).load()),
  ];
  const browser = await openChromium(t, [material.cert]);
  const open = (host: string, { port }: { port: number }) => pageAt(browser, `https://${host}:${port}/`);

  assert.equal(await open("b.example", known), "net::ERR_CERT_COMMON_NAME_INVALID");
  assert.equal(await open("a.example", stranger), "net::ERR_CERT_AUTHORITY_INVALID");
  assert.equal(await open("127.0.0.1", stranger), "net::ERR_CERT_AUTHORITY_INVALID");
  assert.equal(await open("a.example", known), "the page");
});
