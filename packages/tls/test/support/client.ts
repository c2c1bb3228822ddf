import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { type RequestOptions, request as tlsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  fingerprint256: string;
}

export type GetOptions = RequestOptions &
  Pick<ConnectionOptions, "session" | "ALPNProtocols"> & { isPlain?: boolean };

/** Sends one GET on its own connection, unless an agent is given, and resolves with the whole answer. */
export function get(port: number, options: GetOptions = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const settings = { host: "127.0.0.1", port, agent: false as const, rejectUnauthorized: false, ...options };
  const send = options.isPlain ? plainRequest : tlsRequest;
  const request = send({ ...settings, agent: settings.agent as Agent | false }, (response) => {
    const { fingerprint256 = "" } = (response.socket as TLSSocket).getPeerX509Certificate?.() ?? {};
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      body += chunk;
    });
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body, fingerprint256 }),
    );
    response.on("error", reject);
  });
  request.on("error", reject);
  request.end();
  return promise;
}

/** Completes a TLS handshake and returns the socket, open; rejects with the reason of a refusal. */
export async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  return socket.on("error", () => undefined);
}

/** Completes a handshake, closes the connection and returns what was negotiated. */
export async function probe(port: number, options: ConnectionOptions = {}) {
  const socket = await handshake(port, options);
  const seen = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    group: socket.isSessionReused()
      ? undefined
      : (socket.getEphemeralKeyInfo() as { name?: string } | null)?.name,
    alpn: socket.alpnProtocol,
    fingerprint256: socket.getPeerX509Certificate()?.fingerprint256,
  };
  socket.destroy();
  return seen;
}

/** Makes a full connection with one request and returns a session that a later one can resume. */
export async function sessionFrom(port: number, options: ConnectionOptions = {}): Promise<Buffer> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  const session = once(socket, "session");
  await once(socket, "secureConnect");
  const [ticket] = (await session) as [Buffer];
  socket.destroy();
  return ticket;
}

/** Opens a TCP connection, writes bytes as they are and resolves with all that comes until the other end closes. */
export async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connectTcp({ host: "127.0.0.1", port });
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  // A reset is one of the ways in which the other end closes.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (bytes !== "") socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return received;
}
