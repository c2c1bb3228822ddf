import { X509Certificate } from "node:crypto";
import { DbError } from "../errors.ts";
import { PeerMemory } from "./peer-memory.ts";

/** A root certificate that the database's certificate may lead to. */
export interface TrustRoot {
  subject: string;
  /** SHA-256 of the DER form: 64 lower-case hexadecimal digits. */
  sha256: string;
  notAfter: Date;
  pem: string;
}

/**
 * TLS options of every connection that shares these anchors.
 *
 * One object, never cloned: mysql2 keys its cache of parsed CAs and of TLS sessions on it, and replacing `ca`
 * on it is what makes a reload take effect on the next connection.
 */
interface SharedTls {
  ca: string[];
  minVersion: "TLSv1.2";
  rejectUnauthorized: true;
  verifyIdentity: true;
}

/** Roots that may vouch for a database, checked when they were loaded. Never empty. */
export interface TrustAnchors {
  /** Where they come from, for messages: `RDS eu-west-1` or `private`. */
  readonly name: string;
  readonly roots: readonly TrustRoot[];
  readonly tls: SharedTls;
  /** Certificates that servers under these roots have presented. */
  readonly peers: PeerMemory;
  /** Makes the next connection do a full handshake. */
  forgetSessions(): void;
  /**
   * Loads them again; the next connection uses the result. On failure the old ones stay, and it throws.
   *
   * @param pem - Takes the place of the text that `privateTrust` was given; `rdsTrust` refuses it.
   */
  reload(pem?: string): void;
  /** Calls back after each reload that succeeded, until the result is disposed. */
  onReload(listener: () => void): Disposable;
}

const MARKER = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Returns the root certificates in a PEM text, having checked each.
 *
 * Node accepts HTML, an empty string and a truncated file as CA without a word, and then trusts nothing or,
 * where no `ca` is left, every public CA; hence the checks here.
 *
 * @throws DbError `DB_TRUST_INVALID` for anything but one or more unexpired CA certificates.
 */
export function parseRoots(pem: string, source: string, nowMs: number): TrustRoot[] {
  const refuse = (why: string, cause?: unknown): never => {
    throw new DbError("DB_TRUST_INVALID", `${source}: ${why}; expected PEM root certificates`, { cause });
  };
  const blocks = pem.match(MARKER) ?? [];
  const begun = pem.split("-----BEGIN").length - 1;
  if (begun !== blocks.length)
    refuse(`holds ${begun} PEM blocks of which ${blocks.length} are whole certificates`);
  if (blocks.length === 0) refuse(/^\s*</.test(pem) ? "is a web page" : "holds no certificate");
  const roots = blocks.map((block, index) => {
    const certificate = parse(block, (cause) => refuse(`certificate ${index + 1} cannot be parsed`, cause));
    if (!certificate.ca) refuse(`"${certificate.subject}" is not a CA certificate`);
    return toRoot(certificate);
  });
  const valid = roots.filter((root) => root.notAfter.getTime() > nowMs);
  if (valid.length === 0) refuse(`every certificate has expired, the last on ${latest(roots).toISOString()}`);
  return valid;
}

/** Returns the facts of a certificate. */
export function toRoot(certificate: X509Certificate): TrustRoot {
  return {
    subject: certificate.subject.replaceAll("\n", ", "),
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    notAfter: certificate.validToDate,
    pem: certificate.toString(),
  };
}

/** Returns anchors over `load`, which is called again at each reload. */
export function trustAnchors(name: string, load: (pem?: string) => TrustRoot[]): TrustAnchors {
  let roots = load();
  const listeners = new Set<() => void>();
  const tls: SharedTls = {
    ca: roots.map((root) => root.pem),
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    verifyIdentity: true,
  };
  return {
    name,
    get roots() {
      return roots;
    },
    tls,
    peers: new PeerMemory(),
    forgetSessions() {
      // The driver drops its cached sessions when this array is another one.
      tls.ca = [...tls.ca];
    },
    reload(pem) {
      roots = load(pem);
      tls.ca = roots.map((root) => root.pem);
      for (const listener of listeners) listener();
    },
    onReload(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

function parse(block: string, refuse: (cause: unknown) => never): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    return refuse(cause);
  }
}

function latest(roots: TrustRoot[]): Date {
  return new Date(Math.max(...roots.map((root) => root.notAfter.getTime())));
}
