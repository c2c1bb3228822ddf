import type { ObservedCertificate } from "./observation.ts";
import type { Authentication, Hop, PeerCertificate } from "./report.ts";

const DAY_MS = 86_400_000;

/** Versions that count as sealed; older ones are broken (RFC 8996 retires TLS 1.0 and 1.1). */
const SOUND_VERSIONS = new Set(["TLSv1.2", "TLSv1.3"]);

/** Returns the certificate in the form of the report. */
export function describePeer(certificate: ObservedCertificate | null, now: number): PeerCertificate | null {
  if (certificate === null) return null;
  return {
    subject: certificate.subject,
    fingerprint256: withColons(certificate.fingerprint256),
    notAfter: certificate.notAfter.toISOString(),
    daysLeft: Math.floor((certificate.notAfter.getTime() - now) / DAY_MS),
  };
}

/** Node writes fingerprints as `AB:CD`, other sources as `abcd`: one form lets a reader compare them. */
function withColons(fingerprint: string): string {
  return (fingerprint.replaceAll(":", "").toUpperCase().match(/.{2}/g) ?? []).join(":");
}

/** Returns what is wrong with a hop's protocol version: nothing for TLS 1.2 and 1.3. */
export function protocolProblems(protocol: string | null): string[] {
  if (protocol === null) return ["The TLS version of this connection is not known."];
  if (SOUND_VERSIONS.has(protocol)) return [];
  return [`${protocol} is not safe: TLS 1.2 is the least this path accepts.`];
}

/** Returns what is wrong with the certificate of a hop: nothing while it is valid. */
export function certificateProblems(peer: PeerCertificate | null, owner: string, now: number): string[] {
  if (peer === null) return [`The ${owner}'s certificate could not be read.`];
  if (Date.parse(peer.notAfter) > now) return [];
  return [`The ${owner}'s certificate ended on ${peer.notAfter.slice(0, 10)}.`];
}

/** What a hop is made of before it is judged. */
export type HopEvidence = Omit<Hop, "sealed" | "authenticated" | "reason">;

/** Judges a hop: sealed when nothing speaks against it, authenticated where somebody checks the peer. */
export function judgeHop(evidence: HopEvidence): Hop {
  const sealed = evidence.problems.length === 0;
  const authenticated = isChecked(evidence.authentication);
  const why = [...evidence.problems, ...(authenticated ? [] : [evidence.authentication.explanation])];
  const reason = [...new Set([...why, ...evidence.notes])].join(" ");
  const { id, from, to, ...seen } = evidence;
  return { id, from, to, sealed, authenticated, ...(reason === "" ? {} : { reason }), ...seen };
}

function isChecked({ basis }: Authentication): boolean {
  return basis === "observed" || basis === "configured";
}
