import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import type { CertificateProblem } from "./problem.ts";
import { nameOf } from "./validity.ts";

/** Digests in OpenSSL's names of algorithms, such as `sha1WithRSAEncryption` and `ecdsa-with-SHA1`. */
const BROKEN_DIGEST = /md[245]|sha-?1(?!\d)/i;

/**
 * Reports certificates of the chain that were signed with MD5 or SHA-1, which clients refuse. One that signed itself
 * counts by who trusts it, and its signature by nothing; so does a root's that an older root has signed as well.
 * Node before 24.9 does not tell the algorithm.
 *
 * @param trusted - PEM texts of roots that clients know. Default: those that Node trusts.
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2.4
 */
export function checkSignatures(
  chain: readonly X509Certificate[],
  trusted: () => readonly string[] = getCACertificates,
): CertificateProblem[] {
  const weak = chain.filter(({ signatureAlgorithm = "", subject, issuer }) => {
    return subject !== issuer && BROKEN_DIGEST.test(signatureAlgorithm);
  });
  if (weak.length === 0) return [];
  // Read only now: there are more than a hundred, and a weak signature is rare.
  const roots = trusted().map((pem) => new X509Certificate(pem));
  return weak
    .filter((certificate) => !roots.some((root) => isSameAuthority(certificate, root)))
    .map((certificate) => {
      const message = `${nameOf(certificate)} is signed with ${certificate.signatureAlgorithm}, which clients refuse; have it issued with SHA-256`;
      return { code: "TLS_CERT_WEAK_SIGNATURE", message };
    });
}

/** Clients end a chain at the root that they know, and never look at who else has signed it. */
function isSameAuthority(certificate: X509Certificate, root: X509Certificate): boolean {
  return certificate.subject === root.subject && certificate.publicKey.equals(root.publicKey);
}
