import { X509Certificate } from "node:crypto";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import type { IssuedCertificate } from "@sealed/servers";
import type { InstanceCertificate } from "../../src/certificates.ts";

const CURRENT = "..data";
const names = { keyFile: "key.pem", certificateFile: "certificate.pem" } as const;

/** Files of a key pair that change both at once, as a mounted secret's do: links to a link that is replaced. */
export class CertificateFiles {
  readonly #folder: string;
  #generation = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the files in a new folder, with a first pair. */
  static async open(folder: string, first: IssuedCertificate): Promise<CertificateFiles> {
    const files = new CertificateFiles(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await files.replace(first);
    for (const name of Object.values(names)) await symlink(join(CURRENT, name), join(folder, name));
    return files;
  }

  get keyFile(): string {
    return join(this.#folder, names.keyFile);
  }

  get certificateFile(): string {
    return join(this.#folder, names.certificateFile);
  }

  /** Puts another pair in the place of the one before. */
  async replace({ keyPem, certificatePem }: IssuedCertificate): Promise<void> {
    const name = `pair-${++this.#generation}`;
    await mkdir(join(this.#folder, name));
    await Promise.all([
      writeFile(join(this.#folder, name, names.keyFile), keyPem, { mode: 0o600 }),
      writeFile(join(this.#folder, name, names.certificateFile), certificatePem, { mode: 0o600 }),
    ]);
    await symlink(name, join(this.#folder, `${CURRENT}-new`));
    await rename(join(this.#folder, `${CURRENT}-new`), join(this.#folder, CURRENT));
  }

  /** Returns what an instance is told about its certificate. */
  describe(pair: IssuedCertificate): InstanceCertificate {
    return { ...pair, keyFile: this.keyFile, certificateFile: this.certificateFile };
  }
}

/** Returns the fingerprint of a certificate in PEM. */
export function fingerprintOf({ certificatePem }: IssuedCertificate): string {
  return new X509Certificate(certificatePem).fingerprint256;
}

/** Returns the fingerprint that a new handshake sees, whoever signed it. */
export function servedFingerprint(port: number): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerX509Certificate()?.fingerprint256);
    // Not destroy(): the server is to see a whole handshake.
    socket.end();
  });
  socket.on("error", reject);
  return promise;
}

/** Returns once a new handshake sees the certificate; the test's own timeout is the limit. */
export async function untilServed(port: number, pair: IssuedCertificate): Promise<void> {
  while ((await servedFingerprint(port)) !== fingerprintOf(pair)) await delay(20);
}
