import { backoffMs } from "../auth/refresh-schedule.ts";
import type { Clock } from "../clock.ts";
import type { DbErrorCode } from "../errors.ts";

/** Decides when the next login may start, so that an outage does not become a storm of logins. */
export interface DialGate {
  /** Milliseconds until a login may start; 0: now; Infinity: not before one that is under way has ended. */
  delayMs(): number;
  started(): void;
  succeeded(): void;
  /** Counts a failure; returns the milliseconds until the next login may start. */
  failed(code: DbErrorCode): number;
  /** Counts a login as ended that was neither a success nor a failure: it was called off. */
  calledOff(): void;
  /** Lets the next login start at once: what made the last ones fail has been mended. */
  forgive(): void;
  /** Failures in a row since the last success. */
  readonly failures: number;
}

/** What a `DialGate` is bounded by. */
export interface DialGateOptions {
  maxConcurrentDials: number;
  dialsPerSecond: number;
  clock: Clock;
  random: () => number;
}

const BASE_MS = 100;
/** A server that is away costs one refused packet for each try, and is back in use soon after it answers. */
const AWAY_CAP_MS = 500;
/** A server that refuses does work for each try, and IAM counts it. */
const REFUSED_CAP_MS = 5_000;

const AWAY: ReadonlySet<DbErrorCode> = new Set<DbErrorCode>([
  "DB_CONNECTION_LOST",
  "DB_CONNECTION_REFUSED",
  "DB_UNREACHABLE",
]);

/**
 * Returns a gate with a token bucket, a bound on logins under way and a backoff with full jitter. After a
 * failure one login at a time probes the server until one succeeds.
 */
export function dialGate(options: DialGateOptions): DialGate {
  const { maxConcurrentDials, dialsPerSecond, clock, random } = options;
  let underWay = 0;
  let failures = 0;
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  let tokens = dialsPerSecond;
  let filledAtMs = clock.elapsedMs();

  const refill = (): void => {
    const nowMs = clock.elapsedMs();
    tokens = Math.min(dialsPerSecond, tokens + ((nowMs - filledAtMs) / 1_000) * dialsPerSecond);
    filledAtMs = nowMs;
  };

  return {
    delayMs() {
      if (underWay >= (failures > 0 ? 1 : maxConcurrentDials)) return Number.POSITIVE_INFINITY;
      refill();
      const untilTokenMs = tokens >= 1 ? 0 : ((1 - tokens) / dialsPerSecond) * 1_000;
      return Math.max(0, Math.ceil(notBeforeMs - clock.elapsedMs()), Math.ceil(untilTokenMs));
    },
    started() {
      underWay += 1;
      tokens -= 1;
    },
    succeeded() {
      underWay -= 1;
      failures = 0;
      notBeforeMs = Number.NEGATIVE_INFINITY;
    },
    failed(code) {
      underWay -= 1;
      failures += 1;
      const waitMs = backoffMs(failures, BASE_MS, AWAY.has(code) ? AWAY_CAP_MS : REFUSED_CAP_MS, random());
      notBeforeMs = clock.elapsedMs() + waitMs;
      return Math.ceil(waitMs);
    },
    calledOff() {
      underWay -= 1;
    },
    forgive() {
      failures = 0;
      notBeforeMs = Number.NEGATIVE_INFINITY;
    },
    get failures() {
      return failures;
    },
  };
}
