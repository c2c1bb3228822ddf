import { generateKeyPairSync } from "node:crypto";
import "reflect-metadata";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import type { IssuedCertificate } from "@sealed/servers";

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** Returns a self-signed certificate for localhost with an RSA key of so many bits. */
export async function rsaCertificate(bits: number): Promise<IssuedCertificate> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 90 * DAY_MS),
    keys: {
      privateKey: privateKey.toCryptoKey(ALGORITHM, false, ["sign"]),
      publicKey: publicKey.toCryptoKey(ALGORITHM, true, ["verify"]),
    },
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  return {
    certificatePem: certificate.toString("pem"),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
