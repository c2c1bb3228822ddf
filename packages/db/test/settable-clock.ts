import type { Clock, Timer } from "../src/index.ts";
import { systemClock } from "../src/index.ts";

/** The machine's clock, which a test can set forward. Timers run in real time. */
export class SettableClock implements Clock {
  #aheadMs = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  elapsedMs(): number {
    return systemClock.elapsedMs() + this.#aheadMs;
  }

  after(delayMs: number, work: () => void): Timer {
    return systemClock.after(delayMs, work);
  }

  /** Lets `byMs` pass in no time. */
  skip(byMs: number): void {
    this.#aheadMs += byMs;
  }
}
