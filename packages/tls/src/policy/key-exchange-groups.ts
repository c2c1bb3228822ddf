import { createSecureContext } from "node:tls";

const POST_QUANTUM = "X25519MLKEM768";
// P-256 must stay in the list: with a P-256 certificate, OpenSSL refuses a TLS 1.2 client when the
// certificate's own curve is not among the groups.
const CLASSIC = "X25519:P-256:P-384";

/**
 * Returns the key-exchange groups of the policy, the post-quantum hybrid first where the runtime has it.
 *
 * @param isSupported - Tells whether the runtime's OpenSSL knows a group (3.5 and later know the hybrid).
 * @see https://github.com/mozilla/ssl-config-generator/blob/master/src/static/guidelines/5.8.json
 */
export function keyExchangeGroups(isSupported: (group: string) => boolean = isGroupSupported): string {
  return isSupported(POST_QUANTUM) ? `${POST_QUANTUM}:${CLASSIC}` : CLASSIC;
}

/** Tells whether the runtime's OpenSSL knows a group. Asked of OpenSSL itself: a version number can lie in a build. */
function isGroupSupported(group: string): boolean {
  try {
    createSecureContext({ ecdhCurve: group });
    return true;
  } catch {
    // OpenSSL 3.0 keeps the error for whatever is asked of it next, and a good private key would be refused;
    // a context that can be made clears it.
    createSecureContext({ ecdhCurve: CLASSIC });
    return false;
  }
}
