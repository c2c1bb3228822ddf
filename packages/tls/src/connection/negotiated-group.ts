import type { TLSSocket } from "node:tls";

/**
 * Names the key-exchange groups of RFC 8446 and of the post-quantum hybrids by their IANA numbers.
 * @see https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-8
 */
const GROUP_NAMES: ReadonlyMap<number, string> = new Map([
  [23, "P-256"],
  [24, "P-384"],
  [25, "P-521"],
  [29, "X25519"],
  [30, "X448"],
  [256, "ffdhe2048"],
  [257, "ffdhe3072"],
  [258, "ffdhe4096"],
  [4587, "SecP256r1MLKEM768"],
  [4588, "X25519MLKEM768"],
  [4589, "SecP384r1MLKEM1024"],
]);

/** Context tag [19] of OpenSSL's SSL_SESSION, constructed: the group of the key exchange. */
const KEX_GROUP_TAG = 0xb3;

/** Other spellings under which OpenSSL reports the groups. */
const OPENSSL_NAMES: ReadonlyMap<string, string> = new Map([
  ["prime256v1", "P-256"],
  ["secp256r1", "P-256"],
  ["secp384r1", "P-384"],
  ["secp521r1", "P-521"],
  ["x25519", "X25519"],
  ["x448", "X448"],
]);

/**
 * Returns the name of the key-exchange group that a connection negotiated, or `null` where it cannot be seen.
 *
 * Node tells it to clients only; `getEphemeralKeyInfo()` is `null` at a server. There OpenSSL 3 keeps the group
 * in the session, which `getSession()` returns as DER; reading it costs about 3 microseconds. In a resumed
 * TLS 1.2 connection it is the group of the handshake that made the session, and thus its secrets.
 *
 * @see https://github.com/openssl/openssl/blob/openssl-3.5/ssl/ssl_asn1.c
 */
export function negotiatedGroup(socket: TLSSocket): string | null {
  // Node's types know only what clients get, and not the name of a hybrid group.
  const { name } = (socket.getEphemeralKeyInfo() ?? {}) as { name?: string };
  if (name !== undefined) return OPENSSL_NAMES.get(name.toLowerCase()) ?? name;
  const session = socket.getSession();
  // `null`, although the types say otherwise, when the socket has closed.
  if (session === undefined || session === null) return null;
  const id = kexGroupOf(session);
  // The session holds the connection's secrets, and this copy of it is of no further use.
  session.fill(0);
  return id === null ? null : (GROUP_NAMES.get(id) ?? `group-${id}`);
}

/** Returns the IANA number of the group in a DER-encoded session, or `null` when it holds none. */
export function kexGroupOf(session: Buffer): number | null {
  const outer = readElement(session, 0);
  if (outer === null) return null;
  for (let offset = outer.start; offset < outer.end; ) {
    const element = readElement(session, offset);
    if (element === null) return null;
    if (element.tag === KEX_GROUP_TAG) {
      const integer = readElement(session, element.start);
      const size = integer === null ? 0 : integer.end - integer.start;
      return integer === null || size < 1 || size > 4 ? null : session.readUIntBE(integer.start, size);
    }
    offset = element.end;
  }
  return null;
}

/** Reads the head of one DER element; `null` when it does not fit into the buffer. */
function readElement(der: Buffer, offset: number): { tag: number; start: number; end: number } | null {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return null;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const start = offset + 2 + lengthBytes;
  if (lengthBytes > 4 || start > der.length) return null;
  const length = lengthBytes === 0 ? first : der.readUIntBE(offset + 2, lengthBytes);
  return start + length > der.length ? null : { tag, start, end: start + length };
}
