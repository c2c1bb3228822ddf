import { checkChain } from "./chain.ts";
import { checkHosts, checkKey, checkUsage } from "./leaf.ts";
import { type CertMaterial, fullChain } from "./material.ts";
import { readCertificates, readPrivateKey } from "./pem.ts";
import type { CertificateProblem } from "./problem.ts";
import { checkSignatures } from "./signature.ts";
import { checkValidity, daysLeft } from "./validity.ts";

/** Says what a certificate must fulfil. */
export interface InspectOptions {
  /** Host names and addresses that the certificate must name. @default none */
  readonly hosts?: readonly string[];
  /** Epoch milliseconds now. @default Date.now() */
  readonly now?: number;
  /** Days that must be left. @default 0 */
  readonly minDaysLeft?: number;
}

/** Tells what a certificate is and everything that is wrong with it. */
export interface CertificateReport {
  readonly ok: boolean;
  readonly problems: readonly CertificateProblem[];
  readonly subject: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  /** Whole days, rounded down; negative after the end. */
  readonly daysLeft: number | null;
  readonly fingerprint256: string | null;
}

/**
 * Returns every problem of a certificate at once, the root cause first; it never throws for a bad one.
 *
 * @param candidate - PEM text of a chain, leaf first, or such a chain with its private key.
 */
export function inspectCertificate(
  candidate: string | CertMaterial,
  options: InspectOptions = {},
): CertificateReport {
  const nowMs = options.now ?? Date.now();
  const { certificates, problems: certProblems } = readCertificates(
    typeof candidate === "string" ? candidate : fullChain(candidate),
  );
  const { key, problems: keyProblems } =
    typeof candidate === "string" ? { problems: [] } : readPrivateKey(candidate.key);
  const [leaf] = certificates;
  const problems = [...certProblems, ...keyProblems];
  if (leaf !== undefined && certProblems.length === 0) {
    const chainProblems = checkChain(certificates, key);
    problems.push(...chainProblems, ...checkValidity(certificates, nowMs, options.minDaysLeft ?? 0));
    // In a reversed chain the first certificate is an issuer: what else is wrong with it is of no use to anyone.
    if (!chainProblems.some(({ code }) => code === "TLS_CHAIN_REVERSED")) {
      problems.push(...checkKey(leaf, key), ...checkUsage(leaf), ...checkHosts(leaf, options.hosts ?? []));
      problems.push(...checkSignatures(certificates));
    }
  }
  return Object.freeze({
    ok: problems.length === 0,
    problems: Object.freeze(problems),
    subject: leaf?.subject?.replaceAll("\n", ", ") ?? null,
    notBefore: leaf?.validFromDate ?? null,
    notAfter: leaf?.validToDate ?? null,
    daysLeft: leaf === undefined ? null : daysLeft(leaf.validToDate, nowMs),
    fingerprint256: leaf?.fingerprint256 ?? null,
  });
}
