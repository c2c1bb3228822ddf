import type { X509Certificate } from "node:crypto";
import type { CertificateProblem } from "./problem.ts";
import { nameOf } from "./validity.ts";

/** Digests in OpenSSL's names of algorithms, such as `sha1WithRSAEncryption` and `ecdsa-with-SHA1`. */
const BROKEN_DIGEST = /md[245]|sha-?1(?!\d)/i;

/**
 * Reports certificates of the chain that were signed with MD5 or SHA-1, which clients refuse. One that signed itself
 * counts by who trusts it, and its signature by nothing. Node before 24.9 does not tell the algorithm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2.4
 */
export function checkSignatures(chain: readonly X509Certificate[]): CertificateProblem[] {
  return chain.flatMap((certificate) => {
    const { signatureAlgorithm = "", subject, issuer } = certificate;
    if (subject === issuer || !BROKEN_DIGEST.test(signatureAlgorithm)) return [];
    const message = `${nameOf(certificate)} is signed with ${signatureAlgorithm}, which clients refuse; have it issued with SHA-256`;
    return [{ code: "TLS_CERT_WEAK_SIGNATURE", message }];
  });
}
