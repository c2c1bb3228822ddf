import type { X509Certificate } from "node:crypto";
import type { CertificateProblem } from "./problem.ts";

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** Milliseconds by which two honest clocks may differ. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** Returns the whole days left at `nowMs`, rounded down; negative after the end. */
export function daysLeft(notAfter: Date, nowMs: number): number {
  return Math.floor((notAfter.getTime() - nowMs) / DAY_MS);
}

/** Reports certificates of the chain that are not valid now, and a leaf that ends too soon. */
export function checkValidity(
  chain: readonly X509Certificate[],
  nowMs: number,
  minDaysLeft: number,
): CertificateProblem[] {
  const problems = chain.flatMap((certificate) => checkOne(certificate, nowMs));
  const left = chain[0] && daysLeft(chain[0].validToDate, nowMs);
  if (problems.length === 0 && left !== undefined && left < minDaysLeft) {
    const message = `the certificate has ${left} days left, at least ${minDaysLeft} are asked for; renew it`;
    problems.push({ code: "TLS_CERT_EXPIRES_SOON", message });
  }
  return problems;
}

function checkOne(certificate: X509Certificate, nowMs: number): CertificateProblem[] {
  const who = nameOf(certificate);
  if (certificate.validToDate.getTime() <= nowMs) {
    const message = `${who} ended at ${certificate.validToDate.toISOString()}; give one that is valid now`;
    return [{ code: "TLS_CERT_EXPIRED", message }];
  }
  if (certificate.validFromDate.getTime() > nowMs + CLOCK_SKEW_MS) {
    const message = `${who} begins at ${certificate.validFromDate.toISOString()}; wait, or set the clock right`;
    return [{ code: "TLS_CERT_NOT_YET_VALID", message }];
  }
  return [];
}

/** Returns the subject on one line, for messages. */
export function nameOf(certificate: X509Certificate): string {
  const subject = (certificate.subject ?? "").replaceAll("\n", ", ");
  return `certificate "${subject === "" ? "no subject" : subject}"`;
}
