import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** Certificates kept: more than the instances that one endpoint moves between. */
const MOST_KEPT = 8;

/**
 * Knows the certificate behind a client's TLS socket, also when its session was resumed.
 *
 * Node hands a client the peer's certificate once for each full handshake and never for a resumed session,
 * although the session holds it; so the certificates of full handshakes are kept, and one is recognised in the
 * session by its bytes.
 */
export class PeerMemory {
  readonly #kept: X509Certificate[] = [];

  /** Returns the peer's certificate; undefined when it is not known. Call it once for each socket. */
  certificateOf(
    socket: Pick<TLSSocket, "getPeerX509Certificate" | "getSession">,
  ): X509Certificate | undefined {
    const presented = socket.getPeerX509Certificate();
    if (presented !== undefined) {
      this.#keep(presented);
      return presented;
    }
    const session = socket.getSession();
    return session === undefined ? undefined : this.#kept.find((known) => session.includes(known.raw));
  }

  #keep(certificate: X509Certificate): void {
    if (this.#kept.some((known) => known.fingerprint256 === certificate.fingerprint256)) return;
    this.#kept.unshift(certificate);
    this.#kept.length = Math.min(this.#kept.length, MOST_KEPT);
  }
}
