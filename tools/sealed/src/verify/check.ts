/** The three hops in the order a request takes them, as `/hops.json` names them. */
export const HOP_IDS = ["client-lb", "lb-app", "app-db"] as const;

/** One of the three hops. */
export type HopId = (typeof HOP_IDS)[number];

/**
 * What came of a check. `noted`: not as one would wish, and known of this topology or this place, so it does not fail.
 * `unreached`: nothing could be seen, so nothing is claimed.
 */
export type CheckStatus = "ok" | "noted" | "failed" | "unreached";

/** One thing that was looked at. */
export interface Check {
  hop: HopId;
  /** Stable name, such as `protocol-floor`. */
  id: string;
  /** What it is about, in words. */
  title: string;
  /** The instance or the resource that was looked at, where there may be several. */
  subject?: string;
  status: CheckStatus;
  seen: string;
  expected: string;
  /** What to do; absent when all is well. */
  mend?: string;
}

/** Everything of a check that is known before it is judged. */
export type Question = Omit<Check, "status" | "seen">;

/** Returns the check as met or failed. */
export function judge(question: Question, isAsPromised: boolean, seen: string): Check {
  return answer(question, isAsPromised ? "ok" : "failed", seen);
}

/**
 * Returns the check with the status; one that is met needs no mending. What was seen may come from anybody: nothing in
 * it can steer a terminal.
 */
export function answer(
  { mend, subject, expected, ...question }: Question,
  status: CheckStatus,
  seen: string,
): Check {
  return {
    ...question,
    ...(subject !== undefined && { subject: printable(subject) }),
    expected: printable(expected),
    status,
    seen: printable(seen),
    ...(mend !== undefined && status !== "ok" && { mend }),
  };
}

/**
 * Returns one line for the same question asked several times: a failed answer rather than a good one, else the last.
 * Two who answer to the same name, or one who says another thing each time, are believed in nothing good.
 */
export function worstOf(checks: readonly Check[]): Check[] {
  const failed = checks.filter(({ status }) => status === "failed");
  return failed.length > 0 ? failed.slice(0, 1) : checks.slice(-1);
}

/** Control characters, and those that turn the direction of writing. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}
