import type { SecureVersion } from "node:tls";
import { answer, type Check, judge, type Question } from "../check.ts";
import { type Dialled, dial } from "./dial.ts";
import { type Offered, offerOld } from "./offer-old.ts";
import type { HopPlace } from "./place.ts";

/** RFC 8996 retires both: https://www.rfc-editor.org/rfc/rfc8996 */
const RETIRED = ["TLSv1", "TLSv1.1"] as const satisfies readonly SecureVersion[];

/** These versions sign with SHA-1, which OpenSSL 3 takes on no other level. */
const OLD_CLIENT = "DEFAULT:@SECLEVEL=0";

/** RFC 7568 retires it; suites with 3DES, RC4 and AES-CBC. */
const SSL_3 = { version: 0x0300, suites: [0x000a, 0x0016, 0x0005, 0x0004, 0x002f, 0x0035, 0x0033, 0x0039] };

/** Offers SSL 3, TLS 1.0 and TLS 1.1, each alone: all must be turned down. */
export async function protocolFloor(
  { url, hop, subject, address }: HopPlace,
  signal: AbortSignal,
): Promise<Check> {
  const [oldest, ...dialled] = await Promise.all([
    offerOld({ url, address }, SSL_3, signal),
    ...RETIRED.map((version) =>
      dial(url, { minVersion: version, maxVersion: version, ciphers: OLD_CLIENT, address }, signal),
    ),
  ]);
  const question: Question = {
    hop,
    ...(subject !== undefined && { subject }),
    id: "protocol-floor",
    title: "SSL 3, TLS 1.0 and 1.1",
    expected: "turned down",
    mend: "let the listener accept TLS 1.2 and 1.3 only",
  };
  const accepted = [
    ...(oldest.outcome === "agreed" && oldest.version <= SSL_3.version ? ["SSL 3"] : []),
    ...RETIRED.filter((_, index) => dialled[index]?.outcome === "connected").map(named),
  ];
  if (accepted.length > 0) return judge(question, false, `accepted: ${accepted.join(" and ")}`);
  return turnedDown(question, [oldest, ...dialled]);
}

/** Returns the check as met when every offer was turned down, and as not seen when somebody gave no answer. */
export function turnedDown(question: Question, offered: readonly (Dialled | Offered)[]): Check {
  for (const one of offered) {
    if (one.outcome === "silent" || one.outcome === "out-of-reach") {
      return answer(question, "unreached", one.reason);
    }
  }
  return judge(question, true, "turned down");
}

function named(version: SecureVersion): string {
  return version === "TLSv1" ? "TLS 1.0" : version.replace("TLSv", "TLS ");
}
