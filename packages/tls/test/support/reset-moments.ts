import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

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

/** Opens a connection and brings it to a moment at which it is worth being reset. */
export const RESET_MOMENTS: Record<string, (port: number) => Promise<Socket>> = {
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

/** An app with answers large enough to be reset in. */
export const LARGE_ANSWERS: RequestListener = (request, response) => {
  if (request.url === "/large") response.end(LARGE);
  else request.on("data", () => undefined).on("end", () => response.end("ok"));
};

const LARGE = Buffer.alloc(4 * 1024 * 1024);
