/** Time kept in reserve before the end, for clock drift and for the login itself. */
const MARGIN_MS = 30_000;

/** When a value of limited life is renewed, and when it is no longer handed out; both counted from its issue. */
export interface RefreshSchedule {
  refreshAfterMs: number;
  retireAfterMs: number;
}

/**
 * Returns when to renew and when to retire something that lives for `lifeMs`.
 *
 * Renewal comes at 0.8 of the life, give or take 10 % so that instances started together do not stay in step;
 * a token of 900 s is renewed after 648 to 792 s. Retirement comes 30 s before the end, for short lives a
 * quarter of the life before it.
 *
 * @param lifeMs - Whole life in milliseconds; 0 or less means that it may be used once only.
 * @param random - A number from 0 up to, not including, 1.
 */
export function refreshSchedule(lifeMs: number, random: number): RefreshSchedule {
  if (lifeMs <= 0) return { refreshAfterMs: 0, retireAfterMs: 0 };
  const retireAfterMs = lifeMs - Math.min(MARGIN_MS, lifeMs / 4);
  const jittered = 0.8 * lifeMs * (0.9 + 0.2 * random);
  return { refreshAfterMs: Math.min(jittered, 0.95 * retireAfterMs), retireAfterMs };
}

/**
 * Returns the wait before attempt `failures + 1`: full jitter over a doubling range.
 *
 * @param failures - Failures in a row so far, from 1.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, baseMs: number, capMs: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
}
