import type { CertificateProblemCode } from "../errors.ts";

/** Tells one fault of a certificate: branch on `code`; `message` is for people and holds no secret. */
export interface CertificateProblem {
  readonly code: CertificateProblemCode;
  readonly message: string;
}
