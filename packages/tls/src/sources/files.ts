import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectCertificate } from "../certificate/inspect-certificate.ts";
import { type CertMaterial, type CertSource, sealedMaterial } from "../certificate/material.ts";
import { type CertificateProblemCode, TlsError } from "../errors.ts";
import { watchDirectories } from "./watch-directories.ts";

/** Settings of `fromFiles`. */
export interface FilesOptions {
  /** File of the private key, PEM, unencrypted. */
  readonly keyPath: string;
  /** File of the certificate and its intermediates, PEM, the server's first. */
  readonly certPath: string;
  /** Milliseconds for which the changes that follow a first one are taken together. @default 200 */
  readonly debounceMs?: number;
  /** Milliseconds between two looks when no change was seen. @default 60_000 */
  readonly pollMs?: number;
  /** Milliseconds for which a pair that does not fit is read again before it is handed on. @default 1_000 */
  readonly settleMs?: number;
}

/** What a pair shows while it is being written. */
const UNSETTLED: ReadonlySet<CertificateProblemCode> = new Set<CertificateProblemCode>([
  "TLS_CERT_EMPTY",
  "TLS_CERT_UNREADABLE",
  "TLS_CHAIN_REVERSED",
  "TLS_KEY_MISSING",
  "TLS_KEY_UNREADABLE",
  "TLS_KEY_MISMATCH",
  "TLS_PEM_TRUNCATED",
]);
const READ_AGAIN_MS = 100;

/**
 * Returns a source that reads PEM files and follows them through rewrites, renames and symlink swaps.
 * A pair caught half-written is read again until it fits, for `settleMs` at most.
 *
 * Its `load` rejects with `TLS_SOURCE_FAILED` for a file that cannot be read.
 */
export function fromFiles(options: FilesOptions): CertSource {
  const { keyPath, certPath, debounceMs = 200, pollMs = 60_000, settleMs = 1_000 } = options;
  return Object.freeze({
    async load(signal?: AbortSignal): Promise<CertMaterial> {
      for (let waitedMs = 0; waitedMs < settleMs; waitedMs += READ_AGAIN_MS) {
        const material = await readPair(keyPath, certPath).catch(() => undefined);
        if (material !== undefined && isSettled(material)) return material;
        await sleep(READ_AGAIN_MS, undefined, { signal });
      }
      // What does not fit by now is handed on as it is, for the server to say what is wrong with it.
      return readPair(keyPath, certPath);
    },
    watch(onChange: () => void): Disposable {
      const directories = [...new Set([dirname(keyPath), dirname(certPath)])];
      return watchDirectories(directories, onChange, { debounceMs, pollMs });
    },
  });
}

async function readPair(keyPath: string, certPath: string): Promise<CertMaterial> {
  const [key, cert] = await Promise.all([readPem(keyPath), readPem(certPath)]);
  return sealedMaterial({ key, cert });
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    const message = `cannot read "${path}" (${reason}); check that it exists and that this user may read it`;
    throw new TlsError("TLS_SOURCE_FAILED", message, { cause });
  }
}

function isSettled(material: CertMaterial): boolean {
  return !inspectCertificate(material).problems.some(({ code }) => UNSETTLED.has(code));
}
