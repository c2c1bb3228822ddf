import type { KeyObject, X509Certificate } from "node:crypto";
import type { CertificateProblem } from "./problem.ts";
import { nameOf } from "./validity.ts";

/** Reports a chain in which a certificate was not issued by the one that follows it. */
export function checkChain(chain: readonly X509Certificate[], key?: KeyObject): CertificateProblem[] {
  const [leaf] = chain;
  if (leaf === undefined || chain.length === 1) return [];
  if (isReversed(chain, key)) {
    const message = `the chain begins with ${nameOf(leaf)}, an issuer; put the server's certificate first`;
    return [{ code: "TLS_CHAIN_REVERSED", message }];
  }
  return chain.slice(1).flatMap((issuer, index) => {
    const issued = chain[index];
    if (issued === undefined || isIssuedBy(issued, issuer)) return [];
    const message = `${nameOf(issued)} was not issued by ${nameOf(issuer)}, which follows it; give the chain in order, without gaps`;
    return [{ code: "TLS_CHAIN_BROKEN" as const, message }];
  });
}

function isReversed(chain: readonly X509Certificate[], key?: KeyObject): boolean {
  const [first, ...rest] = chain;
  if (first === undefined) return false;
  if (key !== undefined) {
    return !first.checkPrivateKey(key) && rest.some((certificate) => certificate.checkPrivateKey(key));
  }
  return first.ca && rest.some((certificate) => !certificate.ca);
}

function isIssuedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}
