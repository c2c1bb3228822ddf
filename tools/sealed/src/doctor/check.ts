import type { Place } from "../aws/explain-error.ts";
import { toSealedError } from "../aws/explain-error.ts";
import { SealedError } from "../errors.ts";
import { type Finding, type NamedFinding, unchecked } from "./finding.ts";

/** One look at something. */
export interface Check {
  /** Stays the same, for scripts. */
  id: string;
  subject: string;
  look(): Promise<Finding>;
}

/**
 * Looks, and says `unchecked` when AWS did not let it: a denied or unanswered question is no good news.
 *
 * @throws Error of any other kind, as it came: that is a fault of this program.
 */
export async function lookAt({ id, subject, look }: Check, place: Place): Promise<NamedFinding> {
  try {
    return { ...(await look()), id, subject };
  } catch (error) {
    return { ...notLooked(error, place), id, subject };
  }
}

function notLooked(error: unknown, place: Place): Finding {
  const known = toSealedError(error, place);
  if (known instanceof SealedError) return unchecked(known.message, known.mend);
  throw error;
}
