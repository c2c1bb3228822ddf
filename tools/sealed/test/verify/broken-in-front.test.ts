import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { freePort, privateCa } from "@sealed/servers";
import { assertOpen, brokenPaths } from "../support/verify/broken-paths.ts";
import { type FrontOptions, startFront } from "../support/verify/front.ts";

// A safety net against a hang; each test takes about a second.
const timeout = 120_000;

const paths = brokenPaths();
const DAY_MS = 86_400_000;

test("the path that the others are broken copies of is sealed", { timeout }, async () => {
  await using path = await paths.startPath();

  const { wrong, verdict, exitCode } = await paths.verifyAt(path.url);

  assert.deepEqual(wrong, []);
  assert.equal(verdict, "sealed");
  assert.equal(exitCode, 0);
});

test("a port that answers in plain HTTP is named, a redirect to HTTPS and a closed port are not", {
  timeout,
}, async () => {
  await using path = await paths.startPath();
  await using plain = await startFront({
    behind: paths.sandbox.state.instances.map((one) => one.url),
    host: new URL(paths.sandbox.state.url).host,
  });
  await using redirecting = await startFront({
    behind: [],
    host: "",
    answer: (_asked, response) => {
      response.writeHead(301, { location: path.url }).end();
      return true;
    },
  });

  const open = await paths.verifyAt(path.url, `--http-port ${plain.port}`);
  const redirected = await paths.verifyAt(path.url, `--http-port ${redirecting.port}`);
  const closed = await paths.verifyAt(path.url, `--http-port ${await freePort()}`);

  assertOpen(open, ["client-lb plain-http"]);
  assert.match(open.seen("plain-http"), /answers with 200/);
  assert.deepEqual([redirected.exitCode, closed.exitCode], [0, 0]);
});

test("a listener that accepts TLS 1.1 is named, and the CBC suites that come with it", {
  timeout,
}, async () => {
  await using path = await paths.startPath({
    tls: { minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" },
  });

  const found = await paths.verifyAt(path.url);

  assertOpen(found, ["client-lb protocol-floor", "client-lb cipher-suites"]);
  assert.equal(found.seen("protocol-floor"), "accepted: TLS 1.1");
});

test("a certificate of another authority is named, and so is one for another name", { timeout }, async () => {
  const stranger = await privateCa({ dir: join(paths.directory, "stranger"), name: "Stranger" });
  await using foreign = await paths.startPath({ certificate: await stranger.issue() });
  await using misnamed = await paths.startPath({
    certificate: await paths.ca.issue({ hosts: ["other.example"] }),
  });

  const unknown = await paths.verifyAt(foreign.url);
  const other = await paths.verifyAt(misnamed.url);

  assertOpen(unknown, ["client-lb certificate-chain"]);
  assert.match(unknown.seen("certificate-chain"), /signed by CN=Stranger/);
  assertOpen(other, ["client-lb certificate-name"]);
  assert.match(other.seen("certificate-name"), /DNS:other\.example/);
});

test("an expired certificate is named by the day on which it ended", { timeout }, async () => {
  const notAfter = new Date(Date.now() - DAY_MS);
  const notBefore = new Date(Date.now() - 30 * DAY_MS);
  await using path = await paths.startPath({ certificate: await paths.ca.issue({ notBefore, notAfter }) });

  const found = await paths.verifyAt(path.url);

  assertOpen(found, ["client-lb certificate-chain", "client-lb certificate-validity"]);
  assert.equal(found.seen("certificate-validity"), `expired on ${notAfter.toISOString().slice(0, 10)}`);
});

test("an answer without HSTS is named, and so is one for a day only", { timeout }, async () => {
  await using without = await paths.startPath({
    change: (headers) => delete headers["strict-transport-security"],
  });
  await using short = await paths.startPath({
    change: (headers) => {
      headers["strict-transport-security"] = "max-age=86400";
    },
  });

  const found = await paths.verifyAt(without.url);

  assertOpen(found, ["client-lb hsts"]);
  assert.equal(found.seen("hsts"), "not sent");
  assertOpen(await paths.verifyAt(short.url), ["client-lb hsts"]);
});

test("a redirect loop is named, and so is a redirect to plain HTTP", { timeout }, async () => {
  const sending = (location: (asked: string) => string): Partial<FrontOptions> => ({
    answer: ({ url = "", headers }, response) => {
      if (url === "/hops.json") return false;
      const hsts = { "strict-transport-security": "max-age=63072000" };
      response.writeHead(301, { location: location(headers.host ?? ""), ...hsts }).end();
      return true;
    },
  });
  await using looping = await paths.startPath(sending((host) => `https://${host}/`));
  await using leading = await paths.startPath(sending((host) => `http://${host}/`));

  const loop = await paths.verifyAt(looping.url);
  const plain = await paths.verifyAt(leading.url);

  assertOpen(loop, ["client-lb security-headers", "client-lb redirects"]);
  assert.equal(loop.seen("redirects"), "a loop: / to /");
  assertOpen(plain, ["client-lb security-headers", "client-lb redirects"]);
  assert.match(plain.seen("redirects"), /leads to http:/);
});

test("an address where nothing listens is out of reach: nothing is claimed of any hop", {
  timeout,
}, async () => {
  const found = await paths.verifyAt(`https://localhost:${await freePort()}`);

  assert.deepEqual(found.wrong, ["client-lb encrypted"]);
  assert.match(found.seen("encrypted"), /nothing listens there \(ECONNREFUSED\)/);
  assert.deepEqual(found.states, { "client-lb": "unreached", "lb-app": "unreached", "app-db": "unreached" });
  assert.equal(found.verdict, "unreached");
  assert.equal(found.exitCode, 3);
});
