/** Lists every fault that `inspectCertificate` can report, and with which a candidate is refused. */
export const certificateProblemCodes = Object.freeze([
  "TLS_CERT_EMPTY",
  "TLS_CERT_UNREADABLE",
  "TLS_CERT_EXPIRED",
  "TLS_CERT_EXPIRES_SOON",
  "TLS_CERT_NOT_YET_VALID",
  "TLS_CERT_WRONG_HOST",
  "TLS_CERT_IS_CA",
  "TLS_CERT_NOT_FOR_SERVERS",
  "TLS_CERT_WEAK_SIGNATURE",
  "TLS_CHAIN_BROKEN",
  "TLS_CHAIN_REVERSED",
  "TLS_KEY_MISSING",
  "TLS_KEY_UNREADABLE",
  "TLS_KEY_ENCRYPTED",
  "TLS_KEY_MISMATCH",
  "TLS_KEY_WEAK",
  "TLS_PEM_CRLF",
  "TLS_PEM_TRUNCATED",
] as const);

/** Names one fault of a certificate, of its chain or of its key. */
export type CertificateProblemCode = (typeof certificateProblemCodes)[number];

/** Lists every `code` that a `TlsError` or a `Rejected` of this package can carry. */
export const tlsErrorCodes = Object.freeze([
  ...certificateProblemCodes,
  "TLS_NO_CERTIFICATE",
  "TLS_OPTION_INVALID",
  "TLS_REHEARSAL_FAILED",
  "TLS_SOURCE_FAILED",
  "TLS_SOURCE_MALFORMED",
  "TLS_SOURCE_TIMEOUT",
] as const);

/** Names the reason of a failure; each has a row in docs/reference/errors.md. */
export type TlsErrorCode = (typeof tlsErrorCodes)[number];

/** Base class of every error this package throws. Branch on `code`, never on `message`. */
export class TlsError extends Error {
  override readonly name = "TlsError";
  readonly code: TlsErrorCode;

  constructor(code: TlsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
