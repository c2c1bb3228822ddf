import { DbError } from "./errors.ts";

/** Bounds of a `Database`. */
export interface Limits {
  /** Most connections at once. Default 10. */
  connections: number;
  /** Most callers that wait for a connection; the next one gets `DB_POOL_OVERLOADED`. Default 100. */
  queue: number;
  /** Longest wait for a connection. Default 2,000. */
  acquireMs: number;
  /** Longest way from the first packet to a finished login, credentials included. Default 5,000. */
  connectMs: number;
  /** Longest run of one statement; then its socket is destroyed and the server asked to end it. Default 10,000. */
  statementMs: number;
  /** Age at which a connection is replaced, each with its own jitter of 10 %. Default 30 minutes. */
  maxAgeMs: number;
  /** Idle time after which a connection beyond `minWarm` is closed. Default 5 minutes. */
  maxIdleMs: number;
  /** Idle time after which a connection must answer a ping before it is used. Default 30,000. */
  pingAfterIdleMs: number;
  /** Longest wait for that ping. Default 1,000. */
  pingMs: number;
  /** Connections kept open while nobody asks. Default 1. */
  minWarm: number;
  /** Logins under way at once. Default 4. */
  maxConcurrentDials: number;
  /**
   * New connections a second. Default 20: ten instances stay below the 200 a second that
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html gives.
   */
  dialsPerSecond: number;
  /** Time between two looks after idle connections. Default 5,000. */
  housekeepingMs: number;
  /** Prepared statements kept on each connection; the server allows 16,382 in all. Default 256. */
  preparedStatements: number;
}

/** The bounds a `Database` has when none are given. */
export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  connections: 10,
  queue: 100,
  acquireMs: 2_000,
  connectMs: 5_000,
  statementMs: 10_000,
  maxAgeMs: 30 * 60_000,
  maxIdleMs: 5 * 60_000,
  pingAfterIdleMs: 30_000,
  pingMs: 1_000,
  minWarm: 1,
  maxConcurrentDials: 4,
  dialsPerSecond: 20,
  housekeepingMs: 5_000,
  preparedStatements: 256,
});

const MAY_BE_ZERO: ReadonlySet<keyof Limits> = new Set(["queue", "minWarm", "pingAfterIdleMs"]);

/** Returns the given limits over the defaults. @throws DbError `DB_OPTIONS_INVALID` naming every wrong one. */
export function completeLimits(given: Partial<Limits> = {}): Readonly<Limits> {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const problems: string[] = [];
  for (const [name, value] of Object.entries(limits) as [keyof Limits, number][]) {
    const least = MAY_BE_ZERO.has(name) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      problems.push(`limits.${name} must be an integer from ${least}, got ${value}`);
    }
  }
  if (limits.minWarm > limits.connections) {
    problems.push(
      `limits.minWarm (${limits.minWarm}) must not be above limits.connections (${limits.connections})`,
    );
  }
  if (problems.length > 0) throw new DbError("DB_OPTIONS_INVALID", problems.join("; "));
  return Object.freeze(limits);
}
