import { setTimeout as delay } from "node:timers/promises";
import { startHelper } from "./helper.ts";
import type { LoadHandlers } from "./load-process.ts";
import type { LoadPlan, LoadReport } from "./load-report.ts";

// Connections are opened and code is compiled before anything is drilled.
const WARM_UP_MS = 2_000;

/** Sends the load from a process of its own while `drill` runs, and returns what became of the requests. */
export async function underLoad(plan: LoadPlan, drill: () => Promise<void>): Promise<LoadReport> {
  await using load = await startHelper<LoadHandlers>("load-process.ts");
  await load.ask("start", plan);
  await delay(WARM_UP_MS);
  await drill();
  return await load.ask("stop", null);
}
