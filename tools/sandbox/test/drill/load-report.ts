/** What a load generator shall send: so many requests a second, whatever becomes of them. */
export interface LoadPlan {
  /** Of the load balancer, on 127.0.0.1; its certificate must be one for localhost. */
  port: number;
  /** The only authority that is believed, PEM. */
  caPem: string;
  perSecond: number;
  /** Begins the title of every note that is written. */
  label: string;
}

/** What became of the requests of one load. */
export interface LoadReport {
  sent: number;
  seconds: number;
  /** How many had which end: the status of the answer with the app's code for it, or the code of what broke. */
  outcomes: Record<string, number>;
  /** How many were sent on a connection of their own. */
  fresh: number;
  /** The notes whose creation was answered with 201. */
  acknowledged: { id: string; title: string }[];
  latencyMs: { p50: number; p99: number; max: number };
  /** Fewest requests sent in one whole second. */
  leastInASecond: number;
  /** Most requests under way at once. */
  mostUnderWay: number;
}

/** Returns how many requests got no answer at all. */
export function lostRequests({ outcomes }: LoadReport): number {
  return total(outcomes, (outcome) => !/^\d{3}\b/.test(outcome));
}

/** Returns how many requests were answered with a status of 500 or above. */
export function serverErrors({ outcomes }: LoadReport): number {
  return total(outcomes, (outcome) => /^5\d\d\b/.test(outcome));
}

/**
 * Tells why a load on which nothing may fail shows nothing; empty where it was sent as planned, in every second, with
 * new connections and acknowledged writes all along.
 */
export function flawsOf(report: LoadReport, { perSecond }: Pick<LoadPlan, "perSecond">): string[] {
  const { sent, seconds, fresh, leastInASecond, acknowledged } = report;
  const wanted: [what: string, count: number, least: number][] = [
    // One batch may be due and not sent when the load ends.
    ["requests", sent, 0.99 * perSecond * seconds],
    ["requests in the emptiest second", leastInASecond, 1],
    // Planned are a sixth and a fifth.
    ["connections of their own", fresh, sent / 7],
    ["acknowledged notes", acknowledged.length, sent / 6],
  ];
  return wanted
    .filter(([, count, least]) => count === 0 || count < least)
    .map(([what, count, least]) => `${count} ${what}, expected at least ${Math.ceil(least)}`);
}

/** Returns the report in one line for a person, without the list of notes. */
export function reportLine({ acknowledged, ...rest }: LoadReport): string {
  return JSON.stringify({ ...rest, acknowledged: acknowledged.length });
}

/** Returns the value below which the given part of the sorted numbers lies; 0 of no numbers. */
export function percentile(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
}

function total(outcomes: Record<string, number>, isMeant: (outcome: string) => boolean): number {
  return Object.entries(outcomes).reduce((sum, [outcome, count]) => sum + (isMeant(outcome) ? count : 0), 0);
}
