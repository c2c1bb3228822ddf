import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { serverHello } from "../../src/verify/outside/client-hello.ts";
import { offerOld } from "../../src/verify/outside/offer-old.ts";
import { startClaiming } from "../support/verify/claiming.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { verify } from "../support/verify/verified.ts";

// A safety net against a hang.
const timeout = 60_000;
const TLS_1_2 = 0x0303;
const SSL_3 = 0x0300;
/** ECDHE-ECDSA-AES128-GCM-SHA256, which the servers of these tests have. */
const GOOD_SUITE = 0xc02b;
/** RSA with 3DES in CBC. */
const TRIPLE_DES = 0x000a;

const { ca, certificate } = await ownAuthority();

const { signal } = new AbortController();

test("a real server understands the offer: it agrees to a suite that it has, and to no other", {
  timeout,
}, async () => {
  await using path = await startClaiming({ topology: "single-instance", certificate });
  const offer = async (suite: number, version = TLS_1_2) =>
    await offerOld({ url: new URL(path.url) }, { version, suites: [suite] }, signal);

  assert.deepEqual(await offer(GOOD_SUITE), { outcome: "agreed", version: TLS_1_2, suite: GOOD_SUITE });
  assert.equal((await offer(TRIPLE_DES)).outcome, "turned-down");
  assert.equal((await offer(GOOD_SUITE, SSL_3)).outcome, "turned-down");
});

/** Starts a path whose front agrees to an offer of this version with this suite alone, and passes on the rest. */
async function startAgreeing(version: number, suite: number) {
  const path = await startClaiming({ topology: "single-instance", certificate });
  const wanted = Buffer.of(suite >> 8, suite & 0xff);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (hello) => {
      // Where the version of a ClientHello and its suites stand, with a session's name of no bytes.
      const isOffered = hello.readUInt16BE(9) === version && hello.subarray(46, 80).includes(wanted);
      const isOld = hello[43] === 0;
      if (isOffered && isOld) {
        socket.end(helloOf(version, wanted));
        return;
      }
      const behind = connect(path.port, "127.0.0.1").on("error", () => undefined);
      behind.write(hello);
      socket.pipe(behind).pipe(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await path[Symbol.asyncDispose]();
    },
  };
}

function helloOf(version: number, suite: Buffer): Buffer {
  const versionBytes = Buffer.of(version >> 8, version & 0xff);
  const body = Buffer.concat([versionBytes, Buffer.alloc(32), Buffer.of(0), suite, Buffer.of(0)]);
  return Buffer.concat([
    Buffer.of(22),
    versionBytes,
    Buffer.of(0, body.length + 4, 2, 0, 0, body.length),
    body,
  ]);
}

for (const [what, version, suite, wrong, seen] of [
  ["SSL 3", SSL_3, TRIPLE_DES, "protocol-floor", "accepted: SSL 3"],
  ["3DES", TLS_1_2, TRIPLE_DES, "cipher-suites", "accepted: 3DES, RC4 or older (0x000a)"],
  ["RC4", TLS_1_2, 0x0005, "cipher-suites", "accepted: 3DES, RC4 or older (0x0005)"],
] as const) {
  test(`a path that accepts ${what} is named, although no OpenSSL of today can offer it`, {
    timeout,
  }, async () => {
    await using path = await startAgreeing(version, suite);

    const found = await verify(`${path.url} --ca ${ca.caFile}`);

    assert.deepEqual(found.wrong, [`client-lb ${wrong}`]);
    assert.equal(found.seen(wrong), seen);
    assert.equal(found.exitCode, 1);
  });
}

test("an answer that is cut off agrees to nothing", () => {
  const whole = helloOf(TLS_1_2, Buffer.of(0, 10));

  assert.deepEqual(serverHello(whole), { version: TLS_1_2, suite: TRIPLE_DES });
  for (let length = 0; length < 46; length++) {
    assert.equal(serverHello(whole.subarray(0, length)), undefined);
  }
});
