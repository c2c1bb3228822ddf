import type { LookupFunction } from "node:net";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../clock.ts";
import { DbError } from "../errors.ts";
import { toRoot } from "../trust/anchors.ts";

/** A certificate as somebody presents it, whether it is trusted or not. */
interface PresentedCertificate {
  subject: string;
  issuer: string;
  /** SHA-256 of the DER form, as 64 lower-case hexadecimal digits. */
  sha256: string;
}

/** The server that is looked at. */
interface LookedAt {
  host: string;
  port: number;
  lookup: LookupFunction;
}

/** Tells what certificate a server presents, in words for a message. */
export type Look = () => Promise<string>;

/** Longest look at a certificate that was refused. */
const LOOK_MS = 1_000;
/** A server counts each look as a failed login, and blocks the host after a hundred; so one look serves a while. */
const REMEMBER_MS = 60_000;

/** Returns a function that looks at the certificate of `endpoint`, at most once a minute. */
export function certificateLook(endpoint: LookedAt, clock: Clock): Look {
  let seen: { text: string; atMs: number } | undefined;
  return async () => {
    if (seen !== undefined && clock.elapsedMs() - seen.atMs < REMEMBER_MS) return seen.text;
    try {
      const { subject, issuer, sha256 } = await presentedCertificate(endpoint, LOOK_MS);
      seen = {
        text: `it presents "${subject}", issued by "${issuer}", SHA-256 ${sha256}`,
        atMs: clock.elapsedMs(),
      };
      return seen.text;
    } catch (error) {
      return `it could not be looked at again (${(error as Error).message})`;
    }
  };
}

/** CLIENT_PROTOCOL_41 | CLIENT_SSL | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH. */
const SSL_REQUEST_FLAGS = 0x0008_8a00;
const UTF8MB4_GENERAL_CI = 45;

/**
 * Returns the certificate that a MySQL server presents, for the message that says why it is refused.
 *
 * Node tells nothing about a certificate it refused, so this opens a connection of its own, asks for TLS and
 * looks. Nothing is verified and nothing is sent on it: no user, no credential.
 *
 * @see https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_ssl_request.html
 */
async function presentedCertificate(endpoint: LookedAt, withinMs: number): Promise<PresentedCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<PresentedCertificate>();
  const { host, port, lookup } = endpoint;
  const raw = connectTcp({ host, port, lookup });
  raw.once("error", reject);
  raw.setTimeout(withinMs, () =>
    raw.destroy(new DbError("DB_UNREACHABLE", "no certificate was presented in time")),
  );
  raw.once("data", () => {
    raw.write(sslRequest());
    // Not verified on purpose: the certificate is only looked at, and the socket closed.
    const socket = connectTls({ socket: raw, servername: host, rejectUnauthorized: false });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined)
        reject(new DbError("DB_TLS_UNAVAILABLE", "no certificate was presented"));
      else resolve({ ...toRoot(certificate), issuer: certificate.issuer.replaceAll("\n", ", ") });
    });
  });
  try {
    return await promise;
  } finally {
    raw.destroy();
  }
}

function sslRequest(): Buffer {
  const packet = Buffer.alloc(36);
  packet.writeUIntLE(32, 0, 3);
  packet.writeUInt8(1, 3);
  packet.writeUInt32LE(SSL_REQUEST_FLAGS, 4);
  packet.writeUInt32LE(0xff_ffff, 8);
  packet.writeUInt8(UTF8MB4_GENERAL_CI, 12);
  return packet;
}
