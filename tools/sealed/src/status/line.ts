import type { Place } from "../aws/explain-error.ts";
import { toSealedError } from "../aws/explain-error.ts";
import { SealedError } from "../errors.ts";

/**
 * What is seen of a thing. `absent`: there is none, as expected, and why; `unknown`: there should be something to see and
 * nobody can say how it is; `unreadable`: AWS did not let it be looked at.
 */
export type State = "ok" | "attention" | "absent" | "unknown" | "unreadable";

/** One line of the screen. */
export interface StatusLine {
  /** Stays the same, for scripts. */
  id: string;
  subject: string;
  state: State;
  text: string;
  /** Lines below, for what needs attention. */
  details: readonly string[];
}

/** What a look sees. */
export type Sight = Pick<StatusLine, "state" | "text"> & { details?: readonly string[] };

/** Something that is looked at. */
export interface Look {
  id: string;
  subject: string;
  see(): Promise<Sight>;
}

/**
 * Looks, and says `unreadable` where AWS did not let it; one thing that may not be read hides no other.
 *
 * @throws Error of any other kind, as it came.
 */
export async function take({ id, subject, see }: Look, place: Place): Promise<StatusLine> {
  try {
    return { id, subject, details: [], ...(await see()) };
  } catch (error) {
    const known = toSealedError(error, place);
    if (!(known instanceof SealedError)) throw error;
    return { id, subject, state: "unreadable", text: known.message, details: [] };
  }
}

/** Returns the exit code for a screen: 1 something needs attention, 3 something that should be known is not, else 0. */
export function exitCodeOf(lines: readonly StatusLine[]): 0 | 1 | 3 {
  if (lines.some(({ state }) => state === "attention")) return 1;
  return lines.some(({ state }) => state === "unknown" || state === "unreadable") ? 3 : 0;
}
