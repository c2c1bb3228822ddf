import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** Backdating, so that a clock that is a little behind accepts the certificate. */
const BACKDATE_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** What a self-signed certificate is for. */
export interface SelfSignedRequest {
  /** DNS name it stands for. */
  host: string;
  days: number;
  now: Date;
}

/** A key pair with its certificate, as PEM; `publicKey` is base64 of the SPKI without PEM's frame. */
export interface SelfSigned {
  keyPem: string;
  certificatePem: string;
  publicKey: string;
}

/**
 * Makes an RSA-2048 key pair and a certificate that it signs itself.
 *
 * RSA, for a classic load balancer and an imported ACM certificate take it without question.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
 */
export async function selfSigned({ host, days, now }: SelfSignedRequest): Promise<SelfSigned> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    notBefore: new Date(now.getTime() - BACKDATE_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return {
    keyPem: pem("PRIVATE KEY", pkcs8),
    certificatePem: certificate.toString("pem"),
    publicKey: Buffer.from(spki).toString("base64"),
  };
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replaceAll(/(.{64})/g, "$1\n")
    .trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
