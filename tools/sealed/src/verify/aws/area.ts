import { type Place, toSealedError } from "../../aws/explain-error.ts";
import { SealedError } from "../../errors.ts";
import { answer, type Check, type Question } from "../check.ts";

/** What an area is about, when none of it can be looked at. */
export type AreaName = Pick<Question, "hop" | "id" | "title">;

/** Without these nothing at all can be asked, and one sentence says it better than a list. */
const HOPELESS = ["SEALED_CREDENTIALS_EXPIRED", "SEALED_CREDENTIALS_MISSING", "SEALED_CREDENTIALS_REFUSED"];

/**
 * Asks AWS about one area. When AWS does not let it, the area counts as not seen, and the others are asked all the
 * same: who may read less still learns something.
 *
 * @throws SealedError for credentials that are of no use, and every error that is not one of AWS's.
 */
export async function area(
  name: AreaName,
  place: Place,
  signal: AbortSignal,
  ask: () => Promise<Check[]>,
): Promise<Check[]> {
  // What is under way is waited for: the next question is where Ctrl-C ends it.
  signal.throwIfAborted();
  try {
    return await ask();
  } catch (error) {
    const known = toSealedError(error, place);
    if (known instanceof SealedError && HOPELESS.includes(known.code)) throw known;
    if (!(known instanceof SealedError)) throw error;
    const mend = known.mend.join("; ");
    return [
      answer(
        { ...name, expected: "an answer of AWS", ...(mend !== "" && { mend }) },
        "unreached",
        known.message,
      ),
    ];
  }
}
