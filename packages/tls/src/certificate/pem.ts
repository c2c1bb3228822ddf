import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateProblem } from "./problem.ts";

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Returns the certificates of a PEM text in their order, and what is wrong with the text. */
export function readCertificates(pem: string): {
  certificates: X509Certificate[];
  problems: CertificateProblem[];
} {
  if (pem.trim() === "") {
    const message = "the certificate is empty; give PEM text that starts with the server's certificate";
    return { certificates: [], problems: [{ code: "TLS_CERT_EMPTY", message }] };
  }
  const problems = describePemText(pem, "certificate");
  const blocks = pem.match(CERTIFICATE_BLOCK) ?? [];
  const certificates = blocks.map(parseCertificate).filter((parsed) => parsed !== undefined);
  if (problems.length === 0 && (blocks.length === 0 || certificates.length < blocks.length)) {
    const message = `${certificates.length} of ${blocks.length} certificates can be read; give PEM text, one CERTIFICATE block each`;
    problems.push({ code: "TLS_CERT_UNREADABLE", message });
  }
  return { certificates, problems };
}

/** Returns the private key of a PEM text, or `undefined` with what is wrong with the text. */
export function readPrivateKey(pem: string): { key?: KeyObject; problems: CertificateProblem[] } {
  if (pem.trim() === "") {
    const message = "there is a certificate but no private key; a server needs both";
    return { problems: [{ code: "TLS_KEY_MISSING", message }] };
  }
  if (/-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(pem)) {
    const message = "the private key is encrypted; give it decrypted, or use a source that decrypts it";
    return { problems: [{ code: "TLS_KEY_ENCRYPTED", message }] };
  }
  const problems = describePemText(pem, "private key");
  try {
    return { key: createPrivateKey(pem), problems };
  } catch {
    // The reason that OpenSSL gives is left out: it may quote what it could not read.
    if (problems.length > 0) return { problems };
    const message = "the private key cannot be read; give one PKCS#8, PKCS#1 or SEC1 key as PEM text";
    return { problems: [{ code: "TLS_KEY_UNREADABLE", message }] };
  }
}

/** A carriage return or a missing end line is the mark of a file that a transfer has damaged. */
function describePemText(pem: string, what: string): CertificateProblem[] {
  const problems: CertificateProblem[] = [];
  if (pem.includes("\r")) {
    const message = `the ${what} has CRLF line ends, which other programs of the path refuse; convert it to LF`;
    problems.push({ code: "TLS_PEM_CRLF", message });
  }
  if (count(pem, "-----BEGIN ") !== count(pem, "-----END ")) {
    const message = `the ${what} is cut off: a block begins and does not end; write the file whole, then rename it`;
    problems.push({ code: "TLS_PEM_TRUNCATED", message });
  }
  return problems;
}

function parseCertificate(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
