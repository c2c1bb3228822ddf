import { performance } from "node:perf_hooks";

/** Cancels the work of a `Clock.after` call; does nothing once the work has begun. */
export interface Timer {
  cancel(): void;
}

/** Tells the time and wakes callers; every timer of this package goes through one, so tests can own time. */
export interface Clock {
  /** Returns wall-clock epoch milliseconds, the time SigV4 signatures carry. */
  nowMs(): number;
  /** Returns milliseconds since an arbitrary start; never steps back, and stands still while suspended. */
  elapsedMs(): number;
  /** Runs `work` once after `delayMs`; Infinity: never, or not for weeks. */
  after(delayMs: number, work: () => void): Timer;
}

/**
 * Longest delay of a timer, almost 25 days; a longer one would fire at once.
 * @see https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
const MOST_DELAY_MS = 2 ** 31 - 1;

/** Reads the machine's own clocks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(delayMs, work) {
    const handle = setTimeout(work, Math.min(delayMs, MOST_DELAY_MS));
    return { cancel: () => clearTimeout(handle) };
  },
};
