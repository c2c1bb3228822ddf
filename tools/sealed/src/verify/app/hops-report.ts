import { HOP_IDS, type HopId } from "../check.ts";

/** One hop as the app sees it: the part of `/hops.json` that is compared here. */
export interface SeenHop {
  id: HopId;
  sealed: boolean;
  authenticated: boolean;
  protocol: string | null;
  cipher: string | null;
  group: string | null;
  peer: { subject: string; fingerprint256: string; notAfter: string; daysLeft: number } | null;
  problems: readonly string[];
  reason?: string;
  /** Only of the database, as far as it was seen. */
  user?: string;
  tokenAgeMs?: number | null;
  requiresSecureTransport?: boolean;
  serverVersion?: string;
}

/** What one instance answered at `/hops.json`. */
export interface HopsReport {
  topology: string;
  verdict: string;
  instance: string;
  observedAt: string;
  hops: readonly SeenHop[];
}

/**
 * Returns the report that a body holds, or `undefined` when it is none: whoever answers there may be anybody.
 * What nothing could be read without is checked here; the rest is passed on as it is, and fails its own check.
 */
export function parseHopsReport(body: string): HopsReport | undefined {
  let value: Partial<HopsReport> | null;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const isReport =
    typeof value?.topology === "string" &&
    typeof value.instance === "string" &&
    Array.isArray(value.hops) &&
    HOP_IDS.every((id, index) => isHop(value.hops?.[index], id));
  return isReport ? (value as HopsReport) : undefined;
}

function isHop(hop: Partial<SeenHop> | undefined, id: HopId): boolean {
  return (
    hop?.id === id &&
    typeof hop.sealed === "boolean" &&
    typeof hop.authenticated === "boolean" &&
    Array.isArray(hop.problems) &&
    (hop.peer === null || typeof hop.peer?.fingerprint256 === "string")
  );
}

/** Returns one hop of a report. */
export function hopOf({ hops }: HopsReport, id: HopId): SeenHop {
  const hop = hops.find((one) => one.id === id);
  // `parseHopsReport` lets no report pass without it.
  if (hop === undefined) throw new TypeError(`a report without the hop ${id}`);
  return hop;
}

/** Returns whether two fingerprints name the same certificate, however they are written. */
export function isSameFingerprint(one: string, other: string): boolean {
  const plain = (fingerprint: string) => fingerprint.replaceAll(":", "").toLowerCase();
  return plain(one) === plain(other);
}

/** Returns the first and last bytes of a fingerprint, enough to compare by eye. */
export function shortFingerprint(fingerprint256: string): string {
  const bytes = fingerprint256.split(":");
  return bytes.length < 8 ? fingerprint256 : `${bytes.slice(0, 4).join(":")}…${bytes.slice(-4).join(":")}`;
}
