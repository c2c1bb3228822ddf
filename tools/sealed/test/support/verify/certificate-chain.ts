import { webcrypto } from "node:crypto";
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { IssuedCertificate } from "@sealed/servers";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** A root, and a server's certificate that it signed through one in between. */
export interface CertificateChain {
  root: string;
  chain: IssuedCertificate;
}

/** Makes one for localhost, good for 60 days but for what is changed. */
export async function certificateChain({
  intermediateEnds = new Date(Date.now() + 60 * DAY_MS),
  alternativeNames = ["localhost"],
  leafHash = ALGORITHM.hash,
}: {
  intermediateEnds?: Date;
  alternativeNames?: readonly string[];
  leafHash?: "SHA-256" | "SHA-1";
} = {}): Promise<CertificateChain> {
  const authority = [new BasicConstraintsExtension(true, undefined, true)];
  const names =
    alternativeNames.length === 0
      ? []
      : [new SubjectAlternativeNameExtension(alternativeNames.map((value) => ({ type: "dns", value })))];
  const root = await sign("CN=Root", authority);
  const middle = await sign("CN=Middle", authority, root, { notAfter: intermediateEnds });
  const leaf = await sign("CN=localhost", names, middle, { hash: leafHash });
  const exported = await webcrypto.subtle.exportKey("pkcs8", leaf.keys.privateKey);
  const keyPem = pem("PRIVATE KEY", Buffer.from(exported).toString("base64"));
  return {
    root: root.certificate.toString("pem"),
    chain: {
      certificatePem: `${leaf.certificate.toString("pem")}\n${middle.certificate.toString("pem")}\n`,
      keyPem,
    },
  };
}

interface Signed {
  certificate: X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

async function sign(
  subject: string,
  extensions: Extension[],
  issuer?: Signed,
  { notAfter = new Date(Date.now() + 60 * DAY_MS), hash = ALGORITHM.hash as string } = {},
): Promise<Signed> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore: new Date(Date.now() - 60 * DAY_MS),
    notAfter,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: { ...ALGORITHM, hash },
    extensions,
  });
  return { certificate, keys };
}

function pem(label: string, base64: string): string {
  return `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
}
