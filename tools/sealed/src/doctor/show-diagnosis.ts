import { tableLines } from "@sealed/console/table";
import type { Diagnosis, NamedFinding, Verdict } from "./finding.ts";
import { ACCOUNT, worst } from "./finding.ts";

const WORDS: Readonly<Record<Verdict, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  unchecked: "not checked",
};

const CLOSING: Readonly<Record<Verdict, string>> = {
  ok: "all well",
  warning: "nothing stands in the way; see the warnings",
  problem: "something has to be mended first",
  unchecked: "no problem was found, but not everything could be looked at",
};

/** Returns what a person reads: a line for each finding, what the bad ones mean, and the verdict last. */
export function diagnosisLines({ findings, notLookedAt }: Diagnosis): string[] {
  return [
    ...tableLines(findings.map((finding) => [WORDS[finding.verdict], finding.subject, finding.found])),
    ...findings.flatMap(explanation),
    ...notLookedAt.map(({ what, why }) => `not looked at: ${what} (${why})`),
    closing(worst(findings), notLookedAt),
  ];
}

/** What is well on the machine says nothing of an account that nobody looked at. */
function closing(verdict: Verdict, notLookedAt: Diagnosis["notLookedAt"]): string {
  const isMachineOnly = notLookedAt.some(({ what }) => what === ACCOUNT);
  if (!isMachineOnly || (verdict !== "ok" && verdict !== "warning")) return CLOSING[verdict];
  return `${CLOSING[verdict]}${verdict === "ok" ? " on this machine" : ""}; ${ACCOUNT} was not looked at`;
}

/** Returns what a finding means and what mends it; nothing where all is well. */
export function explanation(finding: NamedFinding): string[] {
  if (finding.verdict === "ok") return [];
  return [
    `${WORDS[finding.verdict]}: ${finding.subject}: ${finding.found}`,
    `  ${finding.meaning}`,
    ...finding.mend.map((command) => `  run: ${command}`),
  ];
}
