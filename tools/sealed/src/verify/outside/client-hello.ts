import { randomBytes } from "node:crypto";

/** What is offered: a version as on the wire, `0x0300` for SSL 3, and suites by their numbers. */
export interface OldOffer {
  version: number;
  /** https://www.iana.org/assignments/tls-parameters */
  suites: readonly number[];
}

const ALERT = 21;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const TLS_1_2 = 0x0303;

/** X25519, P-256, P-384. */
const GROUPS = [0x001d, 0x0017, 0x0018];
/** ECDSA and RSA, by way of SHA-256, SHA-384 and SHA-1. */
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0203, 0x0201];

/**
 * Returns a ClientHello in one record, for what no OpenSSL of today can offer.
 *
 * @param host - For SNI; empty: an address, which SNI may not be.
 * @see https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.2
 */
export function clientHello({ version, suites }: OldOffer, host: string): Buffer {
  const body = Buffer.concat([
    numbers([version]),
    randomBytes(32),
    // No session to resume.
    Buffer.of(0),
    sized(2, numbers(suites)),
    // No compression.
    Buffer.of(1, 0),
    // SSL 3 has no extensions.
    version < 0x0301 ? Buffer.alloc(0) : sized(2, extensions(version, host)),
  ]);
  const message = Buffer.concat([Buffer.of(CLIENT_HELLO), sized(3, body)]);
  return Buffer.concat([Buffer.of(HANDSHAKE), numbers([Math.min(version, 0x0301)]), sized(2, message)]);
}

function extensions(version: number, host: string): Buffer {
  const name = Buffer.concat([Buffer.of(0), sized(2, Buffer.from(host, "latin1"))]);
  return Buffer.concat([
    ...(host === "" ? [] : [extension(0, sized(2, name))]),
    extension(10, sized(2, numbers(GROUPS))),
    // Points without compression.
    extension(11, Buffer.of(1, 0)),
    ...(version < TLS_1_2 ? [] : [extension(13, sized(2, numbers(SIGNATURES)))]),
  ]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([numbers([type]), sized(2, content)]);
}

function numbers(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}

function sized(bytes: 2 | 3, content: Buffer): Buffer {
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([size, content]);
}

/** Tells whether a server has said no, after which some leave it to the client to hang up. */
export function isAlert(answer: Buffer): boolean {
  // Record: type, version, length. Alert: level, description.
  return answer.length >= 7 && answer[0] === ALERT;
}

/** What a server agreed to. */
export interface Agreed {
  version: number;
  suite: number;
}

/** Returns what a ServerHello agrees to; `undefined`: it is none, or not all of it has come. */
export function serverHello(answer: Buffer): Agreed | undefined {
  // Record: type, version, length. Message: type, length, version, 32 random bytes, the session's length.
  if (answer.length < 44 || answer[0] !== HANDSHAKE || answer[5] !== SERVER_HELLO) return undefined;
  const suiteAt = 44 + answer.readUInt8(43);
  if (answer.length < suiteAt + 2) return undefined;
  return { version: answer.readUInt16BE(9), suite: answer.readUInt16BE(suiteAt) };
}
