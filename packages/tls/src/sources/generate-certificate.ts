// @peculiar/x509 throws unless this polyfill was loaded before it.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { TlsError } from "../errors.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Returns a new EC P-256 key and a certificate for it, signed by itself, as PEM texts. */
export async function generateCertificate(options: {
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}): Promise<{ key: string; cert: string }> {
  const names = options.hosts.map(alternativeName);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // The subject may hold 64 characters only and no client reads it; the names stand in the extension.
    name: [{ CN: ["self-signed"] }],
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { key: `${PemConverter.encode(key, "PRIVATE KEY")}\n`, cert: `${certificate.toString("pem")}\n` };
}

function alternativeName(host: string): { type: "ip" | "dns"; value: string } {
  if (isIP(host) !== 0) return { type: "ip", value: host };
  const ascii = domainToASCII(host);
  if (!/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(ascii) || ascii.length > 253) {
    throw new TlsError("TLS_OPTION_INVALID", `hosts must be host names or IP addresses, got "${host}"`);
  }
  return { type: "dns", value: ascii };
}

/** Returns 128 random bits, positive and without a leading zero byte, as RFC 5280, 4.1.2.2 wants them. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
