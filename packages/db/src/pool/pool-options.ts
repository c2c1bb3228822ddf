import type { Clock } from "../clock.ts";
import type { EventSink } from "../events.ts";
import type { Limits } from "../limits.ts";
import type { Dial } from "../session/dial.ts";

/** What a `Pool` works with. */
export interface PoolOptions {
  dial: Dial;
  /** Returns the addresses that the endpoint's name has now. */
  addresses: () => Promise<readonly string[]>;
  limits: Readonly<Limits>;
  clock: Clock;
  /** Returns a number from 0 up to, not including, 1. */
  random: () => number;
  emit: EventSink;
}

/** What one caller asks of the pool. */
export interface AcquireOptions {
  /** Longest wait; absent: `limits.acquireMs`. */
  acquireMs?: number;
  signal?: AbortSignal | undefined;
  /** Served before callers that wait already. */
  urgent?: boolean;
}

/** Counts of a pool at one moment. */
export interface PoolCounts {
  open: number;
  idle: number;
  leased: number;
  waiting: number;
  dialing: number;
}
