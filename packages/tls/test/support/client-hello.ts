import { randomBytes } from "node:crypto";

const SUITES = Buffer.from("c02bc02fcca9cca8", "hex");
const P256 = Buffer.from("00020017", "hex");
const SIGNATURES = Buffer.from("0006040308040401", "hex");
const UNCOMPRESSED = Buffer.from("0100", "hex");

/** Returns the bytes behind their length. */
function sized(lengthBytes: number, content: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(content.length, 0, lengthBytes);
  return Buffer.concat([length, content]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, type]), sized(2, content)]);
}

/**
 * Returns a TLS 1.2 ClientHello that asks for these names, byte for byte: no library sends names that are too
 * long, no host names, or several.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6066#section-3
 */
export function clientHello(...names: readonly Buffer[]): Buffer {
  const entries = names.map((name) => Buffer.concat([Buffer.from([0]), sized(2, name)]));
  const extensions = [extension(10, P256), extension(11, UNCOMPRESSED), extension(13, SIGNATURES)];
  if (names.length > 0) extensions.push(extension(0, sized(2, Buffer.concat(entries))));
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    randomBytes(32),
    sized(1, Buffer.alloc(0)),
    sized(2, SUITES),
    sized(1, Buffer.from([0])),
    sized(2, Buffer.concat(extensions)),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), sized(2, message)]);
}
