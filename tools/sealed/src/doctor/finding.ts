/** What a finding comes to. `unchecked`: it could not be looked at, and nobody knows. */
export type Verdict = "ok" | "warning" | "problem" | "unchecked";

/** What came of one look. */
export type Finding =
  | { verdict: "ok"; found: string }
  | {
      verdict: Exclude<Verdict, "ok">;
      found: string;
      /** What follows from it. */
      meaning: string;
      /** Commands that mend it, in the order in which they are to be run. */
      mend: readonly string[];
    };

/** A finding, and what was looked at. */
export type NamedFinding = Finding & {
  /** Stays the same, for scripts. */
  id: string;
  subject: string;
};

/** Something that was left out on purpose, or because something before it went wrong. */
interface Omission {
  what: string;
  why: string;
}

/** What an omission is called when nothing at all was asked of AWS. */
export const ACCOUNT = "the AWS account";

/** All that `doctor` has to say. */
export interface Diagnosis {
  findings: readonly NamedFinding[];
  notLookedAt: readonly Omission[];
}

/** Returns a finding that is as it should be. */
export function ok(found: string): Finding {
  return { verdict: "ok", found };
}

/** Returns a finding that somebody should know of, and that stops nothing. */
export function warning(found: string, meaning: string, mend: readonly string[] = []): Finding {
  return { verdict: "warning", found, meaning, mend };
}

/** Returns a finding with which a deployment, or `npm start`, cannot work out. */
export function problem(found: string, meaning: string, mend: readonly string[] = []): Finding {
  return { verdict: "problem", found, meaning, mend };
}

/** Returns what stands in the place of a finding when nobody could look. */
export function unchecked(found: string, mend: readonly string[] = []): Finding {
  return { verdict: "unchecked", found, meaning: "it may be right or wrong: nobody looked", mend };
}

const WORST_FIRST = ["problem", "unchecked", "warning"] as const;

/** Returns the worst of the verdicts; one that nobody knows is worse than a warning. */
export function worst(findings: readonly Finding[]): Verdict {
  return WORST_FIRST.find((verdict) => findings.some((finding) => finding.verdict === verdict)) ?? "ok";
}

/** Returns the exit code for a verdict: 1 there is a problem, 3 something could not be looked at, else 0. */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 3 {
  if (verdict === "problem") return 1;
  return verdict === "unchecked" ? 3 : 0;
}
