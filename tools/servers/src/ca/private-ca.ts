import { X509Certificate } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import { keyFromPem, keyToPem, newKey, signCertificate } from "./certificate.ts";

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const LEAF_DAYS = 90;
// A clock that runs a little behind must not refuse a certificate made a moment ago.
const BACKDATE_MS = 5 * 60_000;
const CERTIFICATE_FILE = "ca.pem";
const KEY_FILE = "ca.key";

/** What a server certificate should say; every field has a default. */
export interface IssueOptions {
  /** Default: localhost, 127.0.0.1 and ::1. */
  hosts?: string[];
  /** Default 90; ignored when `notAfter` is given. */
  days?: number;
  /** Default: five minutes ago. */
  notBefore?: Date;
  notAfter?: Date;
  /** Default: the first host. */
  commonName?: string;
  /** A P-256 key to keep; default: a new one. */
  keyPem?: string;
  /** Signs with the certificate's own key instead of the authority's. */
  selfSigned?: boolean;
}

/** A private key and its certificate, both in PEM. */
export interface IssuedCertificate {
  keyPem: string;
  certificatePem: string;
}

/** A certificate authority that only programs which were handed `caFile` trust. */
export interface PrivateCa {
  readonly caFile: string;
  readonly certificatePem: string;
  issue(options?: IssueOptions): Promise<IssuedCertificate>;
}

/**
 * Returns the certificate authority kept in `dir/ca`, made there at the first call (ECDSA P-256, key mode 0600).
 * Two processes may call it at once: both get the same one.
 *
 * @throws ServersError SERVERS_CA_EXPIRED when the authority in `dir` has expired.
 */
export async function privateCa(options: { dir: string; name?: string }): Promise<PrivateCa> {
  const folder = join(options.dir, "ca");
  const kept = (await read(folder)) ?? (await create(folder, options.name ?? "Sealed Beanstalk local CA"));
  const certificate = new X509Certificate(kept.certificatePem);
  if (certificate.validToDate.getTime() < Date.now()) {
    throw new ServersError(
      "SERVERS_CA_EXPIRED",
      `the private CA in ${folder} expired on ${certificate.validTo}; remove the folder, a new one is made`,
    );
  }
  const commonName = certificate.subject.replace(/^CN=/, "");
  const issuer = { commonName, key: keyFromPem(kept.keyPem) };
  return {
    caFile: join(folder, CERTIFICATE_FILE),
    certificatePem: kept.certificatePem,
    issue: (wanted = {}) => issue(wanted, issuer),
  };
}

async function issue(
  wanted: IssueOptions,
  issuer: { commonName: string; key: ReturnType<typeof keyFromPem> },
): Promise<IssuedCertificate> {
  const hosts = wanted.hosts ?? ["localhost", "127.0.0.1", "::1"];
  const key = wanted.keyPem === undefined ? newKey() : keyFromPem(wanted.keyPem);
  const certificatePem = await signCertificate({
    commonName: wanted.commonName ?? hosts[0] ?? "localhost",
    hosts,
    notBefore: wanted.notBefore ?? new Date(Date.now() - BACKDATE_MS),
    notAfter: wanted.notAfter ?? new Date(Date.now() + (wanted.days ?? LEAF_DAYS) * DAY_MS),
    key,
    ...(wanted.selfSigned === true ? {} : { issuer }),
  });
  return { keyPem: keyToPem(key), certificatePem };
}

async function read(folder: string): Promise<IssuedCertificate | undefined> {
  try {
    const [keyPem, certificatePem] = await Promise.all([
      readFile(join(folder, KEY_FILE), "utf8"),
      readFile(join(folder, CERTIFICATE_FILE), "utf8"),
    ]);
    return { keyPem, certificatePem };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

// Written aside and renamed whole, so that nobody ever sees half an authority.
async function create(folder: string, commonName: string): Promise<IssuedCertificate> {
  const parent = join(folder, "..");
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, "ca-"));
  const key = newKey();
  const now = Date.now();
  const certificatePem = await signCertificate({
    commonName,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + CA_DAYS * DAY_MS),
    key,
  });
  const made = { keyPem: keyToPem(key), certificatePem };
  await writeFile(join(draft, KEY_FILE), made.keyPem, { mode: 0o600 });
  await writeFile(join(draft, CERTIFICATE_FILE), certificatePem, { mode: 0o644 });
  // Other users' programs (a server under its own account) may read the certificate; the key stays ours.
  await chmod(draft, 0o755);
  try {
    await rename(draft, folder);
    return made;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const winner = await read(folder);
    if (winner === undefined) throw error;
    return winner;
  }
}
