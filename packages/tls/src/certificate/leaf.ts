import type { KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { CertificateProblem } from "./problem.ts";

const MIN_RSA_BITS = 2048;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

/** Reports a key that is not the certificate's, or too weak to be worth a certificate. */
export function checkKey(leaf: X509Certificate, key: KeyObject | undefined): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  if (key !== undefined && !leaf.checkPrivateKey(key)) {
    const message = "the private key is not the one of the certificate; give the pair that belongs together";
    problems.push({ code: "TLS_KEY_MISMATCH", message });
  }
  const bits = leaf.publicKey.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < MIN_RSA_BITS) {
    const message = `the RSA key has ${bits} bits, at least ${MIN_RSA_BITS} are allowed; use EC P-256 or RSA ${MIN_RSA_BITS}`;
    problems.push({ code: "TLS_KEY_WEAK", message });
  }
  return problems;
}

/** Reports a certificate that is not made for servers. */
export function checkUsage(leaf: X509Certificate): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  if (leaf.ca) {
    const message =
      "the certificate is a CA's (CA:TRUE), which clients refuse for a server; issue one with basicConstraints CA:FALSE";
    problems.push({ code: "TLS_CERT_IS_CA", message });
  }
  // Node names the extended key usage `keyUsage`; without the extension every use is allowed.
  const uses = leaf.keyUsage;
  if (uses !== undefined && !uses.includes(SERVER_AUTH) && !uses.includes(ANY_EXTENDED_KEY_USAGE)) {
    const message = `the certificate allows the uses ${uses.join(", ")} only; extendedKeyUsage must name serverAuth (${SERVER_AUTH})`;
    problems.push({ code: "TLS_CERT_NOT_FOR_SERVERS", message });
  }
  return problems;
}

/** Reports the hosts that the certificate does not name. The common name counts for nothing, as in browsers. */
export function checkHosts(leaf: X509Certificate, hosts: readonly string[]): CertificateProblem[] {
  const missing = hosts.filter((host) => !isNamed(leaf, host));
  if (missing.length === 0) return [];
  const names = leaf.subjectAltName ?? "no name at all";
  const message = `the certificate does not name ${missing.join(", ")}; it names ${names}`;
  return [{ code: "TLS_CERT_WRONG_HOST", message }];
}

function isNamed(leaf: X509Certificate, host: string): boolean {
  if (isIP(host) !== 0) return leaf.checkIP(host) !== undefined;
  return leaf.checkHost(domainToASCII(host), { subject: "never" }) !== undefined;
}
