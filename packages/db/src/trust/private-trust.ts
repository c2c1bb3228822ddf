import type { TrustAnchors } from "./anchors.ts";
import { parseRoots, trustAnchors } from "./anchors.ts";

/**
 * Returns anchors from PEM text: a private CA, or the bundle of a Region this package has no roots for.
 *
 * `reload(pem)` replaces them; `reload()` checks the present ones again.
 * @throws DbError `DB_TRUST_INVALID` unless the text is one or more unexpired CA certificates.
 */
export function privateTrust(options: { pem: string; now?: () => number }): TrustAnchors {
  const { now = Date.now } = options;
  let current = options.pem;
  return trustAnchors("private", (pem = current) => {
    const roots = parseRoots(pem, "the private trust anchors", now());
    current = pem;
    return roots;
  });
}
