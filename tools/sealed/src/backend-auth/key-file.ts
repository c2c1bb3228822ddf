import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SealedError } from "../errors.ts";

/** Bits of an RSA key below which nobody should pin one. */
const MIN_RSA_BITS = 2_048;

/** A public key as a load balancer pins it. */
export interface PinnedKey {
  /** SubjectPublicKeyInfo in base64, on one line and without PEM markers: the form that the service takes. */
  value: string;
  /** The first 16 hexadecimal digits of its SHA-256. */
  fingerprint: string;
  /** Where it comes from, in words. */
  origin: string;
}

/**
 * Returns the public key of a file: a certificate or a public key, in PEM, DER or bare base64.
 *
 * @throws SealedError SEALED_KEY_FILE_INVALID; nothing of the file is in its message.
 */
export async function readKeyFile(file: string): Promise<PinnedKey> {
  const bytes = await read(file);
  const text = bytes.toString("latin1");
  if (/PRIVATE KEY/i.test(text)) throw holdsPrivateKey(file);
  const candidates = text.includes("-----BEGIN") ? [bytes] : [bytes, Buffer.from(text, "base64")];
  if (candidates.some(isPrivate)) throw holdsPrivateKey(file);
  for (const candidate of candidates) {
    const certificate = attempt(() => new X509Certificate(candidate));
    if (certificate !== undefined) {
      const subject = certificate.subject.replaceAll("\n", ", ") || "no subject";
      return pinned(file, certificate.publicKey, `certificate of ${subject}`);
    }
    const key = publicKey(candidate);
    if (key !== undefined) return pinned(file, key, "public key");
  }
  throw invalid(
    `${file} holds neither a certificate nor a public key that can be read: give one in PEM, DER or base64`,
  );
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw invalid(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
}

function publicKey(candidate: Buffer): KeyObject | undefined {
  return (
    attempt(() => createPublicKey(candidate)) ??
    attempt(() => createPublicKey({ key: candidate, format: "der", type: "spki" })) ??
    attempt(() => createPublicKey({ key: candidate, format: "der", type: "pkcs1" }))
  );
}

/** In DER nothing names a private key: only reading it tells. */
function isPrivate(candidate: Buffer): boolean {
  return (["pkcs8", "pkcs1", "sec1"] as const).some((type) => {
    try {
      createPrivateKey({ key: candidate, format: "der", type });
      return true;
    } catch (error) {
      // An encrypted one gets as far as to ask for its passphrase.
      return /passphrase|interrupted or cancelled/i.test((error as Error).message);
    }
  });
}

function pinned(file: string, key: KeyObject, origin: string): PinnedKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== "rsa" && type !== "ec") {
    throw invalid(
      `${file} holds a key of type ${type}: a classic load balancer speaks TLS 1.2 with RSA and EC keys`,
    );
  }
  const bits = details?.modulusLength;
  if (bits !== undefined && bits < MIN_RSA_BITS) {
    throw invalid(`${file} holds an RSA key of ${bits} bits: use ${MIN_RSA_BITS} or more`);
  }
  const der = key.export({ format: "der", type: "spki" });
  const size = bits === undefined ? (details?.namedCurve ?? "") : `${bits} bits`;
  return {
    value: der.toString("base64"),
    fingerprint: fingerprintOf(der),
    origin: `${origin} (${type.toUpperCase()}, ${size})`,
  };
}

/** Returns by what a public key is known among policies. */
export function fingerprintOf(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Another form, then.
    return undefined;
  }
}

function holdsPrivateKey(file: string): SealedError {
  return new SealedError(
    "SEALED_KEY_FILE_INVALID",
    `${file} holds a private key, which stays where it is: nothing of it was sent or printed. Take its public half`,
    { mend: [`openssl pkey -in ${file} -pubout -out public.pem`] },
  );
}

function invalid(message: string, cause?: unknown): SealedError {
  return new SealedError("SEALED_KEY_FILE_INVALID", message, { cause });
}
