import { performance } from "node:perf_hooks";

/** The machine's clock, which a test can set. Timers run in real time. */
export class SettableClock {
  #aheadMs = 0;
  #wallAheadMs = 0;

  nowMs(): number {
    return Date.now() + this.#aheadMs + this.#wallAheadMs;
  }

  elapsedMs(): number {
    return performance.now() + this.#aheadMs;
  }

  after(delayMs: number, work: () => void): { cancel(): void } {
    const handle = setTimeout(work, delayMs);
    return { cancel: () => clearTimeout(handle) };
  }

  /** Lets `byMs` pass in no time. */
  skip(byMs: number): void {
    this.#aheadMs += byMs;
  }

  /** Sets the wall clock alone, as NTP or a suspend does. */
  stepWall(byMs: number): void {
    this.#wallAheadMs += byMs;
  }
}
