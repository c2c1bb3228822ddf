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
  /** Runs `work` once after `delayMs`. */
  after(delayMs: number, work: () => void): Timer;
}

/** Reads the machine's own clocks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(delayMs, work) {
    const handle = setTimeout(work, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
