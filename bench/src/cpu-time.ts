import { readdirSync, readFileSync } from "node:fs";

const NS_PER_MS = 1_000_000;

/**
 * Returns the CPU time that all threads of some processes have used, in milliseconds, exact to the nanosecond:
 * the first number of each schedstat.
 *
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
export function cpuTimeMs(pids: readonly number[]): number {
  let sumMs = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [running = "0"] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
      sumMs += Number(running) / NS_PER_MS;
    }
  }
  return sumMs;
}
