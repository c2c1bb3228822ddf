import { DAY_MS } from "../certificate/validity.ts";

const THRESHOLD_DAYS = [30, 14, 7, 1];
/** From this life on the thresholds count as they stand; for shorter ones they shrink in proportion. */
const FULL_LIFE_DAYS = 100;

/**
 * Returns the days before the end at which to warn, the earliest first.
 *
 * The first lies under a third of the life, so that a certificate renewed after two thirds never warns.
 */
export function warningDays(lifeMs: number): number[] {
  const scale = Math.min(1, lifeMs / DAY_MS / FULL_LIFE_DAYS);
  return THRESHOLD_DAYS.map((days) => days * scale);
}

/**
 * Tells whether a certificate is past the third of its four warnings: 7 days before its end, or less in
 * proportion for a life below 100 days.
 */
export function expiresSoon(notBefore: Date, notAfter: Date, nowMs: number): boolean {
  const [, , urgentDays = 0] = warningDays(notAfter.getTime() - notBefore.getTime());
  return nowMs >= notAfter.getTime() - urgentDays * DAY_MS;
}

/** Tells once for each threshold that the end of one certificate has come near. */
export class ExpiryAlarm {
  readonly #notAfterMs: number;
  #pendingDays: number[];

  constructor(notBefore: Date, notAfter: Date) {
    this.#notAfterMs = notAfter.getTime();
    this.#pendingDays = warningDays(notAfter.getTime() - notBefore.getTime());
  }

  /** Returns the moment of the next warning in epoch milliseconds; `Infinity` when all were given. */
  get nextAtMs(): number {
    const [days] = this.#pendingDays;
    return days === undefined ? Number.POSITIVE_INFINITY : this.#notAfterMs - days * DAY_MS;
  }

  /** Returns the lowest threshold in days that was crossed since the last call, or `null`. */
  check(nowMs: number): number | null {
    let crossedDays: number | null = null;
    while (this.nextAtMs <= nowMs) crossedDays = this.#pendingDays.shift() ?? null;
    return crossedDays;
  }
}
