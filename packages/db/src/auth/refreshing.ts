import type { Clock } from "../clock.ts";
import type { RefreshSchedule } from "./refresh-schedule.ts";
import { backoffMs, refreshSchedule } from "./refresh-schedule.ts";
import { withDeadline } from "./with-deadline.ts";

/** A newly fetched value and how long it may be used. */
export interface Fetched<T> {
  value: T;
  /** Milliseconds; 0: for the callers of this fetch only; Infinity: until it is invalidated. */
  lifeMs: number;
}

/** What `Refreshing` needs. */
export interface RefreshingOptions<T> {
  fetch: () => Promise<Fetched<T>>;
  clock: Clock;
  /** Returns a number from 0 up to, not including, 1. */
  random: () => number;
  /** Longest run of one fetch before it counts as failed. */
  fetchTimeoutMs: number;
  onFailure?: (error: unknown, state: { keptOld: boolean; retryInMs: number }) => void;
}

/** Wait during which a failed first fetch is not repeated: a thousand callers make one attempt. */
const NEGATIVE_CACHE_MS = 250;
/** Wait for a new value while the old one is in its last moments; a login has seconds, the old value has them too. */
const LAST_MOMENTS_WAIT_MS = 1_000;
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 30_000;
/** Difference between wall clock and monotonic clock that means a step or a suspend, not drift. */
const CLOCK_STEP_MS = 30_000;

interface Held<T> extends RefreshSchedule {
  value: T;
  lifeMs: number;
  wallMs: number;
  elapsedMs: number;
}

/**
 * Holds one value that is fetched once for all callers, renewed in the background before its end, and kept
 * while renewal fails.
 *
 * Renewal is started by use, so an idle program fetches nothing and no timer has to be stopped. After a step of
 * the wall clock (NTP, suspend) the value counts as due at once, since signatures carry the wall clock's date.
 */
export class Refreshing<T> {
  readonly #options: RefreshingOptions<T>;
  #held: Held<T> | undefined;
  #inFlight: Promise<T> | undefined;
  #failures = 0;
  #lastError: unknown;
  #retryAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RefreshingOptions<T>) {
    this.#options = options;
  }

  /** Returns a usable value; waits for a fetch only when there is none, and a little when there soon will be none. */
  async get(): Promise<T> {
    const held = this.#held;
    if (held === undefined) return this.#fetch();
    const { ageMs, stepped } = ages(held, this.#options.clock);
    if (ageMs < held.retireAfterMs && !stepped) {
      if (ageMs >= held.refreshAfterMs) this.#renew();
      return held.value;
    }
    if (ageMs < held.lifeMs) return this.#fetchOr(held.value);
    this.#held = undefined;
    return this.#fetch();
  }

  /** Returns the value at hand even when it is due for renewal. */
  peek(): T | undefined {
    return this.#held?.value;
  }

  /** Drops the value if it is still the one at hand, so that many refusals at once cause one fetch. */
  invalidate(value: T): void {
    if (this.#held?.value === value) this.#held = undefined;
  }

  /** Starts a fetch whose failure is reported and otherwise does no harm: the old value serves meanwhile. */
  #renew(): void {
    this.#fetch().catch(() => undefined);
  }

  #fetchOr(old: T): Promise<T> {
    return withDeadline(() => this.#fetch(), LAST_MOMENTS_WAIT_MS, this.#options.clock).catch(() => old);
  }

  #fetch(): Promise<T> {
    const { clock, fetch, fetchTimeoutMs } = this.#options;
    if (this.#inFlight === undefined) {
      if (clock.elapsedMs() < this.#retryAtMs) return Promise.reject(this.#lastError);
      this.#inFlight = withDeadline(fetch, fetchTimeoutMs, clock)
        .then(
          (fetched) => this.#succeed(fetched),
          (error) => this.#fail(error),
        )
        .finally(() => {
          this.#inFlight = undefined;
        });
    }
    return this.#inFlight;
  }

  #succeed(fetched: Fetched<T>): T {
    const { clock, random } = this.#options;
    this.#failures = 0;
    const schedule = refreshSchedule(fetched.lifeMs, random());
    const stamp = { wallMs: clock.nowMs(), elapsedMs: clock.elapsedMs() };
    this.#held = fetched.lifeMs > 0 ? { ...fetched, ...schedule, ...stamp } : undefined;
    return fetched.value;
  }

  #fail(error: unknown): never {
    const { clock, onFailure, random } = this.#options;
    this.#failures += 1;
    this.#lastError = error;
    const keptOld = this.#held !== undefined && ages(this.#held, clock).ageMs < this.#held.lifeMs;
    const retryInMs = keptOld
      ? backoffMs(this.#failures, BACKOFF_BASE_MS, BACKOFF_CAP_MS, random())
      : NEGATIVE_CACHE_MS;
    this.#retryAtMs = clock.elapsedMs() + retryInMs;
    onFailure?.(error, { keptOld, retryInMs });
    throw error;
  }
}

/** Returns the age by the clock that says more, and whether the wall clock was set or the machine slept. */
function ages(held: Held<unknown>, clock: Clock): { ageMs: number; stepped: boolean } {
  const byWallMs = clock.nowMs() - held.wallMs;
  const byElapsedMs = clock.elapsedMs() - held.elapsedMs;
  return {
    ageMs: Math.max(byWallMs, byElapsedMs),
    stepped: Math.abs(byWallMs - byElapsedMs) > CLOCK_STEP_MS,
  };
}
