import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const RSA = { name: "RSASSA-PKCS1-v1_5", publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const ALGORITHMS = {
  p256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  p256sha1: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-1" },
  p384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  p521: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" },
  ed25519: { name: "Ed25519" },
  rsa1024: { ...RSA, modulusLength: 1024 },
  rsa2048: { ...RSA, modulusLength: 2048 },
};
const DAY_MS = 86_400_000;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

export interface Issued {
  readonly key: string;
  readonly cert: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly name: string;
}

async function newKeys(algorithm: object): Promise<webcrypto.CryptoKeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm as { name: string }, true, ["sign", "verify"]);
  return keys as webcrypto.CryptoKeyPair;
}

/** Makes a key and a certificate, good unless told otherwise, signed by `issuer` or by itself. */
export async function issue(
  options: {
    algorithm?: keyof typeof ALGORITHMS;
    hosts?: string[];
    notBefore?: Date;
    notAfter?: Date;
    isCa?: boolean;
    name?: string;
    uses?: string[];
    keyUsage?: keyof typeof KeyUsageFlags;
    issuer?: Issued;
    /** How the issuer signs. */
    signedWith?: "p256" | "p256sha1";
    keys?: webcrypto.CryptoKeyPair;
  } = {},
): Promise<Issued> {
  const {
    hosts = ["localhost", "127.0.0.1"],
    isCa = false,
    name = "CN=test",
    uses = [SERVER_AUTH],
  } = options;
  const algorithm = ALGORITHMS[options.algorithm ?? "p256"];
  const keys = options.keys ?? (await newKeys(algorithm));
  const usual = isCa ? "keyCertSign" : "digitalSignature";
  const certificate = await X509CertificateGenerator.create({
    serialNumber: `40${randomBytes(8).toString("hex")}`,
    subject: name,
    issuer: options.issuer?.name ?? name,
    notBefore: options.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: options.notAfter ?? new Date(Date.now() + 90 * DAY_MS),
    signingAlgorithm: options.issuer === undefined ? algorithm : ALGORITHMS[options.signedWith ?? "p256"],
    publicKey: keys.publicKey,
    signingKey: (options.issuer?.keys ?? keys).privateKey,
    extensions: [
      new BasicConstraintsExtension(isCa, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags[options.keyUsage ?? usual], true),
      ...(uses.length > 0 && !isCa ? [new ExtendedKeyUsageExtension(uses)] : []),
      new SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const),
      ),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    key: `${PemConverter.encode(key, "PRIVATE KEY")}\n`,
    cert: `${certificate.toString("pem")}\n`,
    keys,
    name,
  };
}
