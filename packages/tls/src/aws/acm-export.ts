import { createPrivateKey, randomBytes } from "node:crypto";
import { type CertMaterial, type CertSource, sealedMaterial } from "../certificate/material.ts";
import { TlsError } from "../errors.ts";
import { repeatWithJitter } from "../timing/repeat.ts";

interface SendOptions {
  abortSignal?: AbortSignal;
}

/** The part of the class `ACM` of `@aws-sdk/client-acm` that is used; install that package where you need it. */
export interface AcmClient {
  getCertificate(input: { CertificateArn: string }, options?: SendOptions): Promise<{ Certificate?: string }>;
  exportCertificate(
    input: { CertificateArn: string; Passphrase: Uint8Array },
    options?: SendOptions,
  ): Promise<{ Certificate?: string; CertificateChain?: string; PrivateKey?: string }>;
}

/** Settings of `fromAcmExport`. */
export interface AcmExportOptions {
  readonly client: AcmClient;
  /** ARN of a certificate that was requested as exportable, or issued by a private CA. */
  readonly arn: string;
  /** Milliseconds between two looks, plus or minus a tenth. @default 3_600_000 */
  readonly pollMs?: number;
}

/**
 * Returns a source that exports a certificate with its key from AWS Certificate Manager, and again when ACM
 * has renewed it. It needs `acm:GetCertificate` and `acm:ExportCertificate`.
 *
 * The key travels under a passphrase made for that one export. The renewal is seen by the certificate alone, so
 * that keys are exported no oftener than they change. Its `load` rejects with `TLS_SOURCE_FAILED` when AWS
 * refuses, and with `TLS_SOURCE_MALFORMED` when the answer lacks the key or the certificate, or the key cannot be opened.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-exportable-certificates.html
 */
export function fromAcmExport({ client, arn, pollMs = 3_600_000 }: AcmExportOptions): CertSource {
  let seen: string | undefined;
  let last: CertMaterial | undefined;
  return Object.freeze({
    async load(signal?: AbortSignal): Promise<CertMaterial> {
      const options = signal === undefined ? {} : { abortSignal: signal };
      const { Certificate } = await ask(arn, () => client.getCertificate({ CertificateArn: arn }, options));
      if (last === undefined || Certificate !== seen) last = await exportPair(client, arn, options);
      seen = Certificate;
      return last;
    },
    watch: (onChange: () => void): Disposable => repeatWithJitter(pollMs, onChange),
  });
}

async function exportPair(client: AcmClient, arn: string, options: SendOptions): Promise<CertMaterial> {
  const passphrase = randomBytes(32).toString("hex");
  const input = { CertificateArn: arn, Passphrase: Buffer.from(passphrase) };
  const answer = await ask(arn, () => client.exportCertificate(input, options));
  const { Certificate: cert, CertificateChain: ca, PrivateKey: encryptedKey } = answer;
  if (cert === undefined || encryptedKey === undefined) {
    const message = `ACM exported "${arn}" without key or certificate; request the certificate as exportable`;
    throw new TlsError("TLS_SOURCE_MALFORMED", message);
  }
  return sealedMaterial({ key: openKey(encryptedKey, passphrase, arn), cert, ...(ca ? { ca } : {}) });
}

function openKey(encryptedKey: string, passphrase: string, arn: string): string {
  try {
    return createPrivateKey({ key: encryptedKey, passphrase })
      .export({ type: "pkcs8", format: "pem" })
      .toString();
  } catch (cause) {
    const message = `the key that ACM exported for "${arn}" cannot be opened with its passphrase; export it again`;
    throw new TlsError("TLS_SOURCE_MALFORMED", message, { cause });
  }
}

async function ask<T>(arn: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    const { name, message } = cause as Error;
    const advice = "check the ARN, its Region and the role's acm:GetCertificate and acm:ExportCertificate";
    throw new TlsError("TLS_SOURCE_FAILED", `cannot get "${arn}" from ACM: ${name}: ${message}; ${advice}`, {
      cause,
    });
  }
}
