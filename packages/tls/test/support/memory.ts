import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Returns the resident memory in bytes after everything unused was collected. */
export function settledMemoryBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage.rss();
}
