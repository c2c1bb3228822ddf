import type { EventEmitter } from "node:events";
import { openSync } from "node:fs";

/** A fault that a soak must find. */
export type Leak = "memory" | "files" | "listeners" | "timers";

const KEPT_NUMBERS = 2_000;
const HOUR_MS = 3_600_000;

/** Returns what leaks at each call, into `emitter` where it is about listeners. */
export function leakInto(emitter: EventEmitter, leaks: readonly Leak[]): () => void {
  const kept: unknown[] = [];
  const ways: Record<Leak, () => void> = {
    memory: () => kept.push(Array.from({ length: KEPT_NUMBERS }, (_, index) => index + 0.5)),
    files: () => void openSync("/dev/null", "r"),
    listeners: () => emitter.on(`leak ${kept.push(undefined)}`, () => undefined),
    timers: () => void setTimeout(() => undefined, HOUR_MS),
  };
  return () => {
    for (const leak of leaks) ways[leak]();
  };
}
