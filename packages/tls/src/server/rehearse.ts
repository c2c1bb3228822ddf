import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { duplexPair } from "node:stream";
import { connect, createSecureContext, type SecureVersion, TLSSocket } from "node:tls";
import { type CertMaterial, fullChain } from "../certificate/material.ts";
import { TlsError } from "../errors.ts";
import { withDeadline } from "../timing/deadline.ts";
import { type FixedOptions, secureOptions } from "./secure-options.ts";

const LIMIT_MS = 5_000;
/** The inspection has judged these already, by the clock that the server was given. */
const TIME_FAULTS = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

/**
 * Resolves when a candidate has served one handshake for each protocol version of the policy, in memory, with
 * the very options it would go live with, to a client that verifies it.
 *
 * It finds what no inspection of the file can: keys that the policy's suites and signature algorithms cannot
 * use (Ed25519, P-521), a `keyUsage` without digitalSignature, and whatever else OpenSSL refuses.
 *
 * @throws TlsError `TLS_REHEARSAL_FAILED` with OpenSSL's reason.
 */
export async function rehearse(fixed: FixedOptions, material: CertMaterial): Promise<void> {
  const { minVersion, maxVersion } = fixed.policy;
  for (const version of new Set<SecureVersion>([minVersion, maxVersion])) {
    const failed = (reason: string, cause?: unknown) =>
      new TlsError(
        "TLS_REHEARSAL_FAILED",
        `the certificate cannot serve a ${version} handshake: ${reason}; use EC P-256 or RSA 2048, signed with SHA-256, and check its keyUsage`,
        { cause },
      );
    try {
      const fault = await withDeadline(
        LIMIT_MS,
        () => shakeHands(fixed, material, version),
        () => failed(`no end within ${LIMIT_MS} ms`),
      );
      if (fault !== null) throw failed(fault);
    } catch (error) {
      if (error instanceof TlsError) throw error;
      throw failed((error as NodeJS.ErrnoException).code ?? "unknown reason", error);
    }
  }
}

/** Returns what the client found wrong with the certificate, or `null`; throws what ended the handshake. */
async function shakeHands(
  fixed: FixedOptions,
  material: CertMaterial,
  version: SecureVersion,
): Promise<string | null> {
  const options = secureOptions(fixed, material);
  const [serverEnd, clientEnd] = duplexPair();
  const server = new TLSSocket(serverEnd, {
    isServer: true,
    secureContext: createSecureContext(options),
    ALPNProtocols: fixed.policy.ALPNProtocols,
  });
  const client = connect({
    socket: clientEnd,
    minVersion: version,
    maxVersion: version,
    ALPNProtocols: fixed.policy.ALPNProtocols,
    // Trusting the chain itself leaves one question: whether it is fit for a server.
    ca: fullChain(material),
    allowPartialTrustChain: true,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  try {
    await Promise.race([
      Promise.all([once(client, "secureConnect"), once(server, "secure")]),
      // When the client gives up, the server's error is the one with the reason, or the other way round.
      once(server, "error").then(([error]) => Promise.reject(error)),
    ]);
    return faultSeenBy(client, material);
  } finally {
    for (const socket of [client, server]) socket.on("error", () => undefined).destroy();
  }
}

function faultSeenBy(client: TLSSocket, material: CertMaterial): string | null {
  const served = client.getPeerX509Certificate()?.fingerprint256;
  if (served !== new X509Certificate(material.cert).fingerprint256) return "another certificate was served";
  const fault = client.authorizationError as unknown as string | null;
  return fault === null || fault === undefined || TIME_FAULTS.has(fault) ? null : fault;
}
