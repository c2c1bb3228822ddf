/** What was done in a stretch of time, and what it took. */
export interface Tally {
  /** Queries, requests, handshakes, connects. */
  count: number;
  cpuMicros: number;
  wallMs: number;
}

/** A tally of nothing. */
export const EMPTY_TALLY: Readonly<Tally> = Object.freeze({ count: 0, cpuMicros: 0, wallMs: 0 });

/** Returns both together. */
export function sumOf(a: Tally, b: Tally): Tally {
  return { count: a.count + b.count, cpuMicros: a.cpuMicros + b.cpuMicros, wallMs: a.wallMs + b.wallMs };
}

/** Returns how many were done in a second. */
export function perSecond({ count, wallMs }: Tally): number {
  return count / (wallMs / 1_000);
}

/** Returns the CPU time that one took, in microseconds. */
export function cpuEach({ count, cpuMicros }: Tally): number {
  return cpuMicros / count;
}
