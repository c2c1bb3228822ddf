import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  type webcrypto,
} from "node:crypto";
import { isIP } from "node:net";
import type { Extension } from "@peculiar/x509";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
// At most 20 bytes are allowed: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2
const SERIAL_BYTES = 16;

type X509 = typeof import("@peculiar/x509");

/** What one certificate says, and who signs it. */
export interface CertificateRequest {
  commonName: string;
  /** Names and addresses of a server; absent: the certificate is an authority's. */
  hosts?: readonly string[];
  notBefore: Date;
  notAfter: Date;
  key: KeyObject;
  /** Absent: signed with its own key. */
  issuer?: { commonName: string; key: KeyObject };
}

/** Returns a new private key on the curve P-256. */
export function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: CURVE.namedCurve }).privateKey;
}

/** Returns the private key that a PEM text holds. */
export function keyFromPem(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** Returns a private key as PKCS #8 in PEM. */
export function keyToPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Returns a signed X.509 certificate in PEM that passes `openssl verify -x509_strict`. */
export async function signCertificate(request: CertificateRequest): Promise<string> {
  const x509 = await loadX509();
  const issuer = request.issuer ?? request;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [request.commonName] }],
    issuer: [{ CN: [issuer.commonName] }],
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: publicKeyOf(request.key),
    signingKey: issuer.key.toCryptoKey(CURVE, false, ["sign"]),
    signingAlgorithm: SIGNING,
    extensions: await extensionsFor(x509, request, issuer.key),
  });
  return `${certificate.toString("pem")}\n`;
}

// Loaded late: it takes a third of a second, and most starts find their certificates made.
async function loadX509(): Promise<X509> {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

async function extensionsFor(
  x509: X509,
  request: CertificateRequest,
  issuerKey: KeyObject,
): Promise<Extension[]> {
  const identifiers = [
    await x509.SubjectKeyIdentifierExtension.create(publicKeyOf(request.key)),
    await x509.AuthorityKeyIdentifierExtension.create(publicKeyOf(issuerKey)),
  ];
  if (request.hosts === undefined) {
    const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
    return [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usage, true),
      ...identifiers,
    ];
  }
  const names = request.hosts.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const);
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
    new x509.SubjectAlternativeNameExtension(names),
    ...identifiers,
  ];
}

function publicKeyOf(key: KeyObject): webcrypto.CryptoKey {
  return createPublicKey(key).toCryptoKey(CURVE, true, ["verify"]);
}

function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  // The number must be positive and may not begin with a zero byte.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
