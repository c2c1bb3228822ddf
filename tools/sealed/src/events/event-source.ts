import type { DeploymentEvent } from "./deployment-event.ts";

/** Where events come from. */
export interface EventSource {
  /** Names it to a person. */
  name: string;
  /** Takes everything until now as known. */
  skipPast(): Promise<void>;
  /** Returns what is new since the last call, oldest first, each event once. */
  next(): Promise<DeploymentEvent[]>;
}
