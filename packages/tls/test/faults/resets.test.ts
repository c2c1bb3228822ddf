import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test from "node:test";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { get } from "../support/client.ts";
import { issue } from "../support/pki.ts";
import { startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const CLIENT_HELLO_HEAD = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
const HEADERS = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";

async function openTcp(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Opens a TLS connection on a socket of its own, so that the test can reset it. */
async function openTls(port: number): Promise<{ raw: Socket; tls: TLSSocket }> {
  const raw = await openTcp(port);
  const tls = connectTls({ socket: raw, rejectUnauthorized: false }).on("error", () => undefined);
  await once(tls, "secureConnect");
  return { raw, tls };
}

const MOMENTS: Record<string, (port: number) => Promise<Socket>> = {
  "before its handshake": openTcp,
  "in its handshake": async (port) => {
    const socket = await openTcp(port);
    socket.write(CLIENT_HELLO_HEAD);
    return socket;
  },
  "while idle": async (port) => (await openTls(port)).raw,
  "after its headers": async (port) => {
    const { raw, tls } = await openTls(port);
    tls.write(HEADERS);
    return raw;
  },
  "in its body": async (port) => {
    const { raw, tls } = await openTls(port);
    tls.write(`${HEADERS}${"x".repeat(500)}`);
    return raw;
  },
  "in its answer": async (port) => {
    const { raw, tls } = await openTls(port);
    tls.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(tls, "data");
    return raw;
  },
};

for (const [moment, open] of Object.entries(MOMENTS)) {
  test(`survives connections that are reset ${moment}, while certificates are swapped`, async (t) => {
    const pairs = [await issue(), await issue()];
    const source = new SwitchableSource(pairs[0] ?? assert.fail());
    const { server, port } = await startServer(t, { source }, (request, response) => {
      if (request.url === "/large") response.end(Buffer.alloc(4 * 1024 * 1024));
      else request.on("data", () => undefined).on("end", () => response.end("ok"));
    });
    for (let round = 0; round < 20; round++) {
      source.give(pairs[round % 2] ?? assert.fail());
      const [socket] = await Promise.all([open(port), server.reload()]);
      socket.resetAndDestroy();
    }

    while (server.state().connections > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await get(port)).body, "ok");
  });
}
