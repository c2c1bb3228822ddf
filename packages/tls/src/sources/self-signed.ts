import { type CertMaterial, type CertSource, sealedMaterial } from "../certificate/material.ts";
import { CLOCK_SKEW_MS, DAY_MS } from "../certificate/validity.ts";
import { TlsError } from "../errors.ts";

/** Settings of `selfSigned`. */
export interface SelfSignedOptions {
  /** Host names and addresses the certificate names. @default localhost, 127.0.0.1 and ::1 */
  readonly hosts?: readonly string[];
  /** Days until it ends, above 0 and up to 398, fractions allowed. @default 30 */
  readonly days?: number;
  /** Epoch milliseconds now; a parameter, so that tests need no fake clock. @default Date.now */
  readonly now?: () => number;
}

/** A server certificate of a longer life is refused by browsers: https://support.apple.com/en-us/102028 */
const MAX_DAYS = 398;

/**
 * Returns a source that makes a new EC P-256 key and a certificate signed by itself each time it is asked;
 * the server asks again after two thirds of the certificate's life.
 *
 * The key exists only in this process's memory. Nobody can verify such a certificate without a pin; a load
 * balancer that re-encrypts does not try.
 *
 * @throws TlsError `TLS_OPTION_INVALID` for a host that is no host name, and for days out of range.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
export function selfSigned(options: SelfSignedOptions = {}): CertSource {
  const { hosts = ["localhost", "127.0.0.1", "::1"], days = 30, now = Date.now } = options;
  if (!(days > 0 && days <= MAX_DAYS)) {
    throw new TlsError("TLS_OPTION_INVALID", `days must be above 0 and at most ${MAX_DAYS}, got ${days}`);
  }
  return Object.freeze({
    async load(): Promise<CertMaterial> {
      // Loaded here because the library takes a twentieth of the start of an app, which other sources need not pay.
      const { generateCertificate } = await import("./generate-certificate.ts");
      const notBefore = new Date(now() - CLOCK_SKEW_MS);
      const notAfter = new Date(now() + days * DAY_MS);
      const pair = await generateCertificate({ hosts, notBefore, notAfter });
      return sealedMaterial({ ...pair, renewAt: new Date(now() + (days * DAY_MS * 2) / 3) });
    },
  });
}
