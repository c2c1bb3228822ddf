import type { EC2Client } from "@aws-sdk/client-ec2";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";
import { readAgain, type Survey } from "../security-groups/survey.ts";
import { stopIfAsked } from "./stopped.ts";

/** Reads until a change shows: EC2 says that there may be a small delay. */
const READS = 6;
const READ_PAUSE_MS = 2_000;

/** How a change is read back. */
interface Reading<T> {
  context: CommandContext;
  says: (left: readonly T[]) => string;
}

/**
 * Returns the groups once nothing of a change is left to show.
 *
 * @param left - What is left of it in the groups as they are now.
 * @throws SealedError SEALED_LOCKDOWN_FAILED, SEALED_INTERRUPTED
 */
export async function readUntil<T>(
  left: (survey: Survey) => readonly T[],
  { ec2, survey }: { ec2: EC2Client; survey: Survey },
  { context, says }: Reading<T>,
): Promise<Survey> {
  for (let read = 1; ; read++) {
    const now = await readAgain(ec2, survey);
    const remaining = left(now);
    if (remaining.length === 0) return now;
    stopIfAsked(context);
    if (read === READS) {
      throw new SealedError(
        "SEALED_LOCKDOWN_FAILED",
        `what was asked of EC2 does not show after ${read} reads, or somebody else takes it back: it ${says(remaining)}. Nothing more was changed`,
        { mend: [context.call] },
      );
    }
    await context.system.pause(READ_PAUSE_MS, context.signal);
  }
}
