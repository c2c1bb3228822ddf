import type { SecureContextOptions, TlsOptions } from "node:tls";
import { type CertMaterial, fullChain } from "../certificate/material.ts";
import type { TlsPolicy } from "../policy/tls-options.ts";

/** What stays the same through every swap of the certificate. */
export interface FixedOptions {
  readonly policy: Readonly<TlsPolicy>;
  /** 48 bytes that seal session tickets; the same on every instance lets clients resume on any of them. */
  readonly ticketKeys: Buffer;
}

/**
 * Returns the complete TLS options for one certificate: the only place that builds them, for the first start,
 * for the rehearsal and for each swap.
 *
 * `setSecureContext` forgets whatever it is not given: minimum version, suites, groups and ticket keys would
 * fall back to Node's defaults, without a word.
 */
export function secureOptions(
  { policy, ticketKeys }: FixedOptions,
  material: CertMaterial,
): Readonly<SecureContextOptions & TlsOptions> {
  return Object.freeze({ ...policy, ticketKeys, key: material.key, cert: fullChain(material) });
}
