import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { daysLeft } from "../certificate/validity.ts";
import { negotiatedGroup } from "./negotiated-group.ts";

/** Tells who is at the other end, as far as it has shown a certificate. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint256: string;
  readonly notAfter: Date;
  readonly daysLeft: number;
}

/** Tells what was negotiated on a live connection; `null` means that it cannot be seen from here. */
export interface ConnectionTls {
  readonly encrypted: boolean;
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string | null;
  /** OpenSSL's name of the suite, the one that load balancers and databases report. */
  readonly cipher: string | null;
  readonly group: string | null;
  readonly resumed: boolean;
  readonly alpn: string | null;
  /** `null` at a server whose client showed no certificate. */
  readonly peer: PeerCertificate | null;
}

const UNENCRYPTED: ConnectionTls = Object.freeze({
  encrypted: false,
  protocol: null,
  cipher: null,
  group: null,
  resumed: false,
  alpn: null,
  peer: null,
});

/**
 * Returns what is observed on a socket, at a server or at a client, before it closes.
 *
 * @param nowMs - Epoch milliseconds, for the peer's days left.
 */
export function describeConnection(socket: Socket, nowMs: number = Date.now()): ConnectionTls {
  if (!(socket instanceof TLSSocket)) return UNENCRYPTED;
  // `|| null` because a socket that has closed, or not finished its handshake, reports empty values.
  return Object.freeze({
    encrypted: true,
    protocol: socket.getProtocol() || null,
    cipher: socket.getCipher()?.name || null,
    group: negotiatedGroup(socket),
    resumed: socket.isSessionReused(),
    alpn: socket.alpnProtocol || null,
    peer: peerCertificate(socket, nowMs),
  });
}

function peerCertificate(socket: TLSSocket, nowMs: number): PeerCertificate | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  return Object.freeze({
    subject: certificate.subject?.replaceAll("\n", ", ") ?? "",
    issuer: certificate.issuer.replaceAll("\n", ", "),
    fingerprint256: certificate.fingerprint256,
    notAfter: certificate.validToDate,
    daysLeft: daysLeft(certificate.validToDate, nowMs),
  });
}
