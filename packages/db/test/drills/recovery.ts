import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "@sealed/faults";
import type { WriteLedger } from "./write-ledger.ts";

const PROBE_EVERY_MS = 5;
/** A server that has taken the connection and says nothing is not up. */
const PROBE_WITHIN_MS = 250;

/** Returns when a server first greets a plain TCP connection; MySQL speaks first. */
export async function greeted(address: string, port: number): Promise<number> {
  for (;;) {
    const socket = connect({ host: address, port });
    try {
      await once(socket, "data", { signal: AbortSignal.timeout(PROBE_WITHIN_MS) });
      return performance.now();
    } catch {
      await delay(PROBE_EVERY_MS);
    } finally {
      socket.destroy();
    }
  }
}

/** Returns the milliseconds from a moment until the first write after it is acknowledged through the pool. */
export async function recoveryMs(ledger: WriteLedger, sinceMs: number): Promise<number> {
  const first = () => ledger.acknowledgedAtMs.findLast((_, index, all) => (all[index - 1] ?? 0) < sinceMs);
  await until(() => (first() ?? 0) >= sinceMs);
  return (first() ?? 0) - sinceMs;
}

/** Returns the median, the 95th percentile and the largest of some times, for people. */
export function spread(timesMs: readonly number[]): string {
  const sorted = [...timesMs].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms of ${sorted.length}`;
}
