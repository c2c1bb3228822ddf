import { toSealedError } from "../aws/explain-error.ts";
import type { CommandContext } from "../context.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import { hopLines } from "../verify/text.ts";

/** What is told of the hops at the end of a deployment. */
export interface HopsTold {
  isSealed: boolean;
  says: string;
  lines: readonly string[];
  /** What the document of `--json` has of it. */
  verification: Readonly<Record<string, unknown>>;
}

/**
 * Verifies what was just deployed. The deployment stands whatever comes of it: what could not be looked at is told as
 * a verdict that is missing, and not as a deployment that failed.
 */
export async function judgeHops(deployment: Deployment, context: CommandContext): Promise<HopsTold> {
  try {
    const { verdict } = await context.verifyDeployment(deployment, context, {
      probeInstances: false,
      isNew: true,
    });
    const { state, says, hops } = verdict;
    return {
      isSealed: state === "sealed",
      says,
      lines: hopLines(hops),
      verification: { verdict: state, says, hops },
    };
  } catch (error) {
    const known = context.signal.aborted ? interrupted(error) : toSealedError(error, deployment);
    if (!(known instanceof SealedError)) throw error;
    const says = `its hops could not be verified: ${known.message}`;
    const lines = ["  run: npx sealed verify --deployed"];
    return { isSealed: false, says, lines, verification: { verdict: "unreached", says } };
  }
}

function interrupted(cause: unknown): SealedError {
  return new SealedError("SEALED_INTERRUPTED", "stopped", { cause });
}
