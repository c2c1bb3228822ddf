import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";

/** What holds wherever a lockdown ends. Whether the load balancer got through before it began is another question. */
export const NOTHING_NEEDED_IS_GONE = "nothing that the load balancer needs was taken away";

/** @throws SealedError SEALED_INTERRUPTED when somebody stopped the command: it ends between two changes. */
export function stopIfAsked({ signal, call }: Pick<CommandContext, "signal" | "call">): void {
  if (signal.aborted) throw stopped(call);
}

/**
 * Returns the error for a command that was stopped after its first change may have been made.
 *
 * @param call - The command as it can be typed again.
 */
export function stopped(call: string): SealedError {
  return new SealedError(
    "SEALED_INTERRUPTED",
    `stopped between two changes: ${NOTHING_NEEDED_IS_GONE}, and what was done is listed above`,
    { mend: [call] },
  );
}
