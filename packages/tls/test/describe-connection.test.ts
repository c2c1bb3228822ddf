import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import test from "node:test";
import type { TLSSocket } from "node:tls";
import { kexGroupOf, negotiatedGroup } from "../src/connection/negotiated-group.ts";
import { type ConnectionTls, describeConnection } from "../src/index.ts";
import { BEST_GROUP } from "./support/best-group.ts";
import { type GetOptions, get, handshake, sessionFrom } from "./support/client.ts";
import { issue } from "./support/pki.ts";
import { listen, startServer } from "./support/server.ts";

/** A server that answers with what it observed on the connection of the request. */
function startMirror(t: test.TestContext) {
  return startServer(
    t,
    {},
    ({ socket }, response) => void response.end(JSON.stringify(describeConnection(socket))),
  );
}

async function observed(port: number, options: GetOptions): Promise<ConnectionTls> {
  return JSON.parse((await get(port, options)).body);
}

const NEGOTIATED: [string, object, Partial<ConnectionTls>][] = [
  ["TLS 1.3 with the best group of both sides", {}, { protocol: "TLSv1.3", group: BEST_GROUP }],
  ["TLS 1.3 with X25519", { ecdhCurve: "X25519" }, { protocol: "TLSv1.3", group: "X25519" }],
  ["TLS 1.3 with P-384", { ecdhCurve: "P-384" }, { protocol: "TLSv1.3", group: "P-384" }],
  [
    "TLS 1.2 with X25519",
    { maxVersion: "TLSv1.2", ecdhCurve: "X25519:P-256" },
    { protocol: "TLSv1.2", group: "X25519" },
  ],
  [
    "TLS 1.2 with P-256",
    { maxVersion: "TLSv1.2", ecdhCurve: "P-256" },
    { protocol: "TLSv1.2", group: "P-256" },
  ],
];

for (const [name, options, expected] of NEGOTIATED) {
  test(`the server sees ${name}, in a full and in a resumed handshake`, async (t) => {
    const { server, port } = await startMirror(t);

    const full = await observed(port, options);
    const session = await sessionFrom(port, options);
    const resumed = await observed(port, { ...options, session });

    assert.deepEqual({ ...full, ...expected, resumed: false, encrypted: true, peer: null }, full);
    assert.deepEqual({ ...resumed, ...expected, resumed: true }, resumed);
    assert.deepEqual(server.state().handshakes.byGroup, { [expected.group ?? ""]: 3 });
    assert.deepEqual(server.state().handshakes.byProtocol, { [expected.protocol ?? ""]: 3 });
    assert.equal(server.state().handshakes.resumed, 1);
  });
}

test("a resumed TLS 1.3 connection shows the group of its own key exchange, not of the first", async (t) => {
  const { port } = await startMirror(t);
  const session = await sessionFrom(port, { ecdhCurve: "X25519" });

  const { resumed, group } = await observed(port, { session, ecdhCurve: "P-384" });

  assert.deepEqual({ resumed, group }, { resumed: true, group: "P-384" });
});

test("names the suite as OpenSSL does, and the protocol that was agreed on", async (t) => {
  const { port } = await startMirror(t);

  const { cipher, alpn } = await observed(port, { maxVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"] });

  assert.deepEqual({ cipher, alpn }, { cipher: "ECDHE-ECDSA-AES128-GCM-SHA256", alpn: "http/1.1" });
});

test("a client sees the same, and whom it is connected to", async (t) => {
  const notAfter = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 10 * 86_400_000);
  const pair = await issue({ name: "CN=shown", notAfter });
  const { server, port } = await startServer(t, { source: { load: async () => pair } });
  const socket = await handshake(port);

  const { group, peer } = describeConnection(socket, notAfter.getTime() - 3.5 * 86_400_000);

  assert.equal(group, BEST_GROUP);
  assert.deepEqual(peer, {
    subject: "CN=shown",
    issuer: "CN=shown",
    fingerprint256: server.state().fingerprint256,
    notAfter,
    daysLeft: 3,
  });
  socket.destroy();
});

test("a client sees the group of every kind of handshake, resumed ones too", async (t) => {
  const { port } = await startServer(t);
  for (const [name, options, { group }] of NEGOTIATED) {
    for (const session of [undefined, await sessionFrom(port, options)]) {
      const socket = await handshake(port, session === undefined ? options : { ...options, session });

      assert.equal(describeConnection(socket).group, group, name);
      socket.destroy();
    }
  }
});

test("wipes the copy of the session that the group was read from, for it holds the connection's secrets", async (t) => {
  const { server, port } = await startServer(t);
  const accepted = once(server, "secureConnection") as Promise<[TLSSocket]>;
  const client = await handshake(port, { ecdhCurve: "P-384" });
  const session = (await accepted)[0].getSession() ?? assert.fail("no session");
  const socket = { getEphemeralKeyInfo: () => null, getSession: () => session } as unknown as TLSSocket;

  assert.equal(negotiatedGroup(socket), "P-384");
  assert.deepEqual(session, Buffer.alloc(session.length));
  client.destroy();
});

test("a plain socket is reported as not encrypted", async (t) => {
  const server = createServer();
  t.after(() => server.close());
  const socket = connect(await listen(server), "127.0.0.1");
  await once(socket, "connect");

  assert.deepEqual(describeConnection(socket), {
    encrypted: false,
    protocol: null,
    cipher: null,
    group: null,
    resumed: false,
    alpn: null,
    peer: null,
  });
  socket.destroy();
});

test("a socket that has closed reports nothing instead of throwing", async (t) => {
  const { port } = await startMirror(t);
  const socket = await handshake(port);
  socket.destroy();
  await once(socket, "close");

  const { encrypted, group, protocol } = describeConnection(socket);

  assert.deepEqual({ encrypted, group, protocol }, { encrypted: true, group: null, protocol: null });
});

test("reads the group out of a session and finds none in anything else", () => {
  const hex = (text: string) => kexGroupOf(Buffer.from(text, "hex"));

  assert.equal(hex("300a020101b304020211ec0500".slice(0, 24)), 0x11ec);
  assert.equal(hex("3003020101"), null);
  assert.equal(hex(""), null);
  assert.equal(hex("30"), null);
  assert.equal(hex("30ff"), null);
  assert.equal(hex("3005b303020500"), null);
  assert.equal(hex("3084ffffffff"), null);
  assert.equal(hex("3009b307020511111111ff"), null);
});
