import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** A program at the database's port that asks every client for its credential in clear text. */
export interface Impostor extends AsyncDisposable {
  port: number;
  /** Connections that were made so far. */
  connections: number;
  /** Everything clients sent, decrypted where it was encrypted. */
  received(): string;
}

/** Its certificate; absent: it does not offer TLS. */
export type ImpostorCertificate = { keyPem: string; certificatePem: string } | undefined;

const CLIENT_SSL = 0x0800;
/** LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION and, above, PLUGIN_AUTH. */
const FLAGS_LOW = 0x8201;
const FLAGS_HIGH = 0x0008;
const SSL_REQUEST_BYTES = 36;

/** Starts one on a free port. */
export async function startImpostor(certificate: ImpostorCertificate): Promise<Impostor> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    impostor.connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write(packet(0, greeting(certificate !== undefined)));
    socket.once("data", (first: Buffer) => {
      const request = certificate === undefined ? first : first.subarray(0, SSL_REQUEST_BYTES);
      received.push(request);
      if (certificate === undefined) return ask(socket, received, 2);
      // The first bytes of TLS may have come along.
      socket.pause();
      socket.unshift(first.subarray(request.length));
      return upgrade(socket, certificate, received);
    });
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const impostor: Impostor = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    received: () => Buffer.concat(received).toString("latin1"),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return impostor;
}

function upgrade(socket: Socket, certificate: NonNullable<ImpostorCertificate>, received: Buffer[]): void {
  const { keyPem: key, certificatePem: cert } = certificate;
  const tls = new TLSSocket(socket, { isServer: true, key, cert });
  tls.on("error", () => undefined);
  tls.once("data", (answer: Buffer) => {
    received.push(answer);
    ask(tls, received, 3);
  });
}

/** Asks for the credential in clear text, and refuses it whatever it is. */
function ask(socket: Socket, received: Buffer[], sequence: number): void {
  socket.write(packet(sequence, Buffer.from("\xfemysql_clear_password\0", "latin1")));
  socket.once("data", (answer: Buffer) => {
    received.push(answer);
    socket.end(packet(sequence + 2, Buffer.from("\xff\x15\x04#28000Access denied", "latin1")));
  });
}

function greeting(offersTls: boolean): Buffer {
  const low = Buffer.alloc(2);
  low.writeUInt16LE(FLAGS_LOW | (offersTls ? CLIENT_SSL : 0));
  const high = Buffer.alloc(2);
  high.writeUInt16LE(FLAGS_HIGH);
  return Buffer.concat([
    Buffer.from("\x0a8.4.0-impostor\0", "latin1"),
    Buffer.from([7, 0, 0, 0]),
    Buffer.from("12345678\0"),
    low,
    Buffer.from([45, 2, 0]),
    high,
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from("123456789012\0"),
    Buffer.from("caching_sha2_password\0"),
  ]);
}

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, payload]);
}
