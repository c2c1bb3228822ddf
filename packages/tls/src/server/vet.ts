import { type CertificateReport, inspectCertificate } from "../certificate/inspect-certificate.ts";
import { type CertMaterial, sealedMaterial } from "../certificate/material.ts";
import type { CertificateProblem } from "../certificate/problem.ts";
import { redactPem } from "../certificate/redact.ts";
import { TlsError, type TlsErrorCode } from "../errors.ts";
import { rehearse } from "./rehearse.ts";
import type { FixedOptions } from "./secure-options.ts";

/** Tells why a candidate was refused, or why none could be had. Holds no secret. */
export interface Rejected {
  readonly code: TlsErrorCode;
  readonly message: string;
  /** What the inspection found; empty when the source failed or only the rehearsal did. */
  readonly problems: readonly CertificateProblem[];
  /** Of the refused certificate, where it could be read. */
  readonly fingerprint256: string | null;
}

/** A certificate that has passed every check. */
export interface Vetted {
  readonly material: CertMaterial;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly fingerprint256: string;
}

/** Returns the candidate as fit to be served after inspection and rehearsal, or why it is not. */
export async function vet(
  material: CertMaterial,
  fixed: FixedOptions,
  requirements: { readonly hosts: readonly string[]; readonly now: number },
): Promise<Vetted | Rejected> {
  const report = inspectCertificate(material, requirements);
  const { subject, notBefore, notAfter, fingerprint256, problems } = report;
  const [first] = problems;
  if (first !== undefined) return rejectedBy(report, first);
  if (notBefore === null || notAfter === null || fingerprint256 === null) {
    throw new TypeError("a report without problems names its certificate");
  }
  try {
    await rehearse(fixed, material);
  } catch (error) {
    return rejection("TLS_REHEARSAL_FAILED", "the rehearsal failed", error, fingerprint256);
  }
  return { material: sealedMaterial(material), subject: subject ?? "", notBefore, notAfter, fingerprint256 };
}

/** Returns a failure as a rejection, with its own code and words if it is one of this package's errors. */
export function rejection(
  code: TlsErrorCode,
  what: string,
  error: unknown,
  fingerprint256: string | null = null,
): Rejected {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const isOurs = error instanceof TlsError;
  return Object.freeze({
    code: isOurs ? error.code : code,
    message: redactPem(isOurs ? message : `${what}: ${name}: ${message}`),
    problems: Object.freeze([]),
    fingerprint256,
  });
}

function rejectedBy(report: CertificateReport, first: CertificateProblem): Rejected {
  return Object.freeze({
    code: first.code,
    message: report.problems.map(({ message }) => message).join("; "),
    problems: report.problems,
    fingerprint256: report.fingerprint256,
  });
}
