import type { SecureVersion } from "node:tls";
import { answer, type Check, type HopId, judge, type Question } from "../check.ts";
import { type Dialled, dial } from "./dial.ts";

/** RFC 8996 retires both: https://www.rfc-editor.org/rfc/rfc8996 */
const RETIRED = ["TLSv1", "TLSv1.1"] as const satisfies readonly SecureVersion[];

/** These versions sign with SHA-1, which OpenSSL 3 takes on no other level. */
const OLD_CLIENT = "DEFAULT:@SECLEVEL=0";

/** Where the floor is looked for. */
export interface Floor {
  url: URL;
  hop: HopId;
  /** Name of the instance, behind the load balancer. */
  subject?: string;
  /** Which of the name's addresses; default: whichever answers. */
  address?: string | undefined;
}

/** Offers TLS 1.0 alone, then TLS 1.1 alone: both must be turned down. */
export async function protocolFloor(
  { url, hop, subject, address }: Floor,
  signal: AbortSignal,
): Promise<Check> {
  const dialled = await Promise.all(
    RETIRED.map((version) =>
      dial(url, { minVersion: version, maxVersion: version, ciphers: OLD_CLIENT, address }, signal),
    ),
  );
  const question: Question = {
    hop,
    ...(subject !== undefined && { subject }),
    id: "protocol-floor",
    title: "TLS 1.0 and 1.1",
    expected: "turned down",
    mend: "let the listener accept TLS 1.2 and 1.3 only",
  };
  const accepted = RETIRED.filter((_, index) => dialled[index]?.outcome === "connected");
  if (accepted.length > 0) return judge(question, false, `accepted: ${accepted.map(named).join(" and ")}`);
  return turnedDown(question, dialled);
}

/** Returns the check as met when every offer was turned down, and as not seen when somebody gave no answer. */
export function turnedDown(question: Question, dialled: readonly Dialled[]): Check {
  const unanswered = dialled.find(({ outcome }) => outcome === "silent" || outcome === "out-of-reach");
  return unanswered !== undefined && unanswered.outcome !== "connected"
    ? answer(question, "unreached", unanswered.reason)
    : judge(question, true, "turned down");
}

function named(version: SecureVersion): string {
  return version === "TLSv1" ? "TLS 1.0" : version.replace("TLSv", "TLS ");
}
