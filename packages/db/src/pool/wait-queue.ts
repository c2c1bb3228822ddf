import type { Clock } from "../clock.ts";
import type { DbError } from "../errors.ts";
import { abortedError } from "./caller-errors.ts";

/** How long one caller waits, and what ends it. */
export interface Wait {
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  /** Served before those that are not. */
  urgent: boolean;
  /** Makes the error for a wait that has lasted its time. */
  timeoutError: () => DbError;
}

interface Waiter<T> {
  settle(): void;
  resolve(value: T): void;
  reject(error: DbError): void;
}

/** Callers that wait for a value: first come, first served; each with its own deadline and signal. */
export class WaitQueue<T> {
  readonly #urgent = new Set<Waiter<T>>();
  readonly #ordinary = new Set<Waiter<T>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#urgent.size + this.#ordinary.size;
  }

  /** Returns the value this caller is served with. */
  wait(options: Wait): Promise<T> {
    const { signal } = options;
    const queue = options.urgent ? this.#urgent : this.#ordinary;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        queue.delete(waiter);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        settle();
        reject(abortedError());
      };
      const timer = this.#clock.after(options.deadlineMs, () => {
        settle();
        reject(options.timeoutError());
      });
      const waiter: Waiter<T> = { settle, resolve, reject };
      signal?.addEventListener("abort", onAbort, { once: true });
      queue.add(waiter);
    });
  }

  /** Serves the first caller; false when nobody waits. */
  serve(value: T): boolean {
    const [waiter] = this.#urgent.size > 0 ? this.#urgent : this.#ordinary;
    if (waiter === undefined) return false;
    waiter.settle();
    waiter.resolve(value);
    return true;
  }

  /** Refuses everybody who waits. */
  refuseAll(error: () => DbError): void {
    for (const waiter of [...this.#urgent, ...this.#ordinary]) {
      waiter.settle();
      waiter.reject(error());
    }
  }
}
