import { constants } from "node:crypto";
import type { SecureVersion } from "node:tls";
import { TlsError } from "../errors.ts";
import { keyExchangeGroups } from "./key-exchange-groups.ts";

/**
 * Names a policy: `intermediate` speaks TLS 1.2 and 1.3, `modern` only 1.3. A load balancer whose listener
 * has an old policy speaks at most TLS 1.2 to its targets, so `modern` behind it fails every request.
 */
export type TlsProfile = "modern" | "intermediate";

/** Holds every TLS setting of a server except its key and certificate. */
export interface TlsPolicy {
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers: string;
  readonly ecdhCurve: string;
  readonly sigalgs: string;
  readonly honorCipherOrder: boolean;
  readonly secureOptions: number;
  readonly ALPNProtocols: string[];
}

const TLS13_SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
const TLS12_SUITES = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/** Signature algorithms that public CAs issue for and that load balancers and browsers all accept. */
const SIGNATURE_ALGORITHMS = [
  "ECDSA+SHA256",
  "ECDSA+SHA384",
  "RSA-PSS+SHA256",
  "RSA-PSS+SHA384",
  "RSA-PSS+SHA512",
  "RSA+SHA256",
  "RSA+SHA384",
  "RSA+SHA512",
];

/**
 * Returns the full, frozen set of TLS settings of a profile: authenticated encryption with forward secrecy
 * only, the server's order, no renegotiation, HTTP/1.1 only.
 *
 * Always pass the whole set: Node resets what `setSecureContext` is not given to weaker defaults.
 * HTTP/2 is left out because Express crashes on it; it ends at the load balancer.
 *
 * @throws TlsError `TLS_OPTION_INVALID` for an unknown profile.
 * @see https://wiki.mozilla.org/Security/Server_Side_TLS
 */
export function tlsOptions(profile: TlsProfile = "intermediate"): Readonly<TlsPolicy> {
  if (profile !== "modern" && profile !== "intermediate") {
    throw new TlsError("TLS_OPTION_INVALID", `profile must be "modern" or "intermediate", got "${profile}"`);
  }
  const isModern = profile === "modern";
  const policy: TlsPolicy = {
    minVersion: isModern ? "TLSv1.3" : "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: (isModern ? TLS13_SUITES : [...TLS13_SUITES, ...TLS12_SUITES]).join(":"),
    ecdhCurve: keyExchangeGroups(),
    sigalgs: SIGNATURE_ALGORITHMS.join(":"),
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ALPNProtocols: ["http/1.1"],
  };
  Object.freeze(policy.ALPNProtocols);
  return Object.freeze(policy);
}
