import type { EventEmitter } from "node:events";
import { readdirSync } from "node:fs";
import { memoryUsage } from "node:process";

/** What must not grow, each in the unit of its name or as a count. */
export const MEASURES = ["heapMib", "residentMib", "files", "listeners", "timers", "handles"] as const;

/** One of the things that must not grow. */
export type Measure = (typeof MEASURES)[number];

/** What a process holds at a moment at which nothing is under way. */
export type Sample = Record<Measure, number>;

const MIB = 1_048_576;

/**
 * Collects garbage and counts what this process holds; needs `--expose-gc`.
 *
 * @param watched - Long-lived objects whose listeners are counted; those of `process` are too.
 * @see https://nodejs.org/api/process.html#processgetactiveresourcesinfo
 */
export function takeSample(watched: readonly EventEmitter[]): Sample {
  if (globalThis.gc === undefined) throw new Error("start this process with --expose-gc");
  globalThis.gc();
  const { heapUsed, rss } = memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === "Timeout" || name === "Immediate").length;
  return {
    heapMib: heapUsed / MIB,
    residentMib: rss / MIB,
    files: readdirSync("/proc/self/fd").length,
    listeners: [process, ...watched].reduce((sum, emitter) => sum + listenersOf(emitter), 0),
    timers,
    handles: resources.length - timers,
  };
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
