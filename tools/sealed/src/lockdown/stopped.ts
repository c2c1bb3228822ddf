import { SealedError } from "../errors.ts";

/** @throws SealedError SEALED_INTERRUPTED when somebody stopped the command: it ends between two changes. */
export function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}

/** Returns the error for a command that was stopped after its first change may have been made. */
export function stopped(): SealedError {
  return new SealedError(
    "SEALED_INTERRUPTED",
    "stopped between two changes: the load balancer gets through, and what was done is listed above",
    { mend: ["npx sealed lockdown --apply"] },
  );
}
