import { settled } from "./settled.ts";

interface Pending {
  atMs: number;
  work: () => void;
}

/** A clock that stands still until it is told to go on, with a wall clock and a monotonic one. */
export class FakeClock {
  #elapsedMs = 0;
  #wallOffsetMs = 1_700_000_000_000;
  readonly #pending = new Set<Pending>();

  nowMs(): number {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, work: () => void): { cancel(): void } {
    const entry = { atMs: this.#elapsedMs + delayMs, work };
    this.#pending.add(entry);
    return { cancel: () => this.#pending.delete(entry) };
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Sets the wall clock, as NTP or a suspend does. */
  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Lets time pass without running anything. */
  advanceSync(byMs: number): void {
    this.#elapsedMs += byMs;
  }

  /** Lets time pass, runs what falls due, and lets what that starts settle. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + byMs;
    for (;;) {
      await settled();
      const [next] = [...this.#pending]
        .filter((entry) => entry.atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs);
      this.#pending.delete(next);
      next.work();
    }
    this.#elapsedMs = untilMs;
    await settled();
  }
}
