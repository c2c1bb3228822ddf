import { setTimeout as delay } from "node:timers/promises";

/** Work that is done over and over, on several lanes at once. */
export interface SteadyLoad {
  /** Lanes, each of which begins anew when its last call has ended. */
  lanes: number;
  /** Pause of a lane between two calls, in milliseconds. */
  pauseMs: number;
  /** Ends the load; what is under way is waited for. */
  until: AbortSignal;
  /** One call; what it throws ends the load. */
  work: () => Promise<unknown>;
}

/** Keeps all lanes busy until the signal; returns how many calls were made. */
export async function steadyLoad({ lanes, pauseMs, until, work }: SteadyLoad): Promise<number> {
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (!until.aborted) {
      calls += 1;
      await work();
      await delay(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return calls;
}
