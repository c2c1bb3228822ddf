import { toSealedError } from "../aws/explain-error.ts";
import { SealedError } from "../errors.ts";
import type { System } from "../system.ts";
import type { DeploymentEvent } from "./deployment-event.ts";
import type { EventSource } from "./event-source.ts";

/** Time between two looks. */
const POLL_MS = 5_000;

/** What is followed, and who hears of it. */
export interface Following {
  sources: readonly EventSource[];
  /** Ends the following, after a last look; its own failure is the caller's business. */
  until: Promise<unknown>;
  onEvent(event: DeploymentEvent): void;
  /** Told once for each kind of trouble with looking, which ends nothing. */
  onTrouble(text: string): void;
  pause: System["pause"];
}

/** Hands over what happens, as it happens, until the work that is followed is over. */
export async function follow(following: Following): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  following.until.then(end, end);
  const troubles = new Set<string>();
  for (;;) {
    // Noted before looking: what happened up to the end is seen by the last look.
    const isLast = over.signal.aborted;
    for (const source of following.sources) await look(source, following, troubles);
    if (isLast) return;
    await following.pause(POLL_MS, over.signal);
  }
}

async function look(source: EventSource, following: Following, troubles: Set<string>): Promise<void> {
  try {
    for (const event of await source.next()) following.onEvent(event);
  } catch (cause) {
    const error = toSealedError(cause, {});
    const kind = error instanceof SealedError ? error.code : String(error);
    if (troubles.has(kind)) return;
    troubles.add(kind);
    const reason = error instanceof Error ? error.message : kind;
    following.onTrouble(`the events of ${source.name} cannot be read now: ${reason}`);
  }
}
