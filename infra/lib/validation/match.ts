import type { Acknowledgement } from "../controls/acknowledgements.ts";
import type { RuleFinding } from "./report.ts";

/** Findings, apart by whether a reason was given for them. */
export interface Matched {
  open: RuleFinding[];
  acknowledged: { finding: RuleFinding; reason: string }[];
  /** Acknowledgements that no finding called for: they would hide the next one. */
  unused: Acknowledgement[];
}

/** Matches findings with acknowledgements; each finding needs one of its rule and its place. */
export function match(
  findings: readonly RuleFinding[],
  acknowledgements: readonly Acknowledgement[],
): Matched {
  const matched: Matched = { open: [], acknowledged: [], unused: [...acknowledgements] };
  for (const finding of findings) {
    const fitting = acknowledgements.filter(
      ({ rule, where }) => fits(rule, finding.rule) && where.test(finding.path),
    );
    const [first] = fitting;
    if (first === undefined) matched.open.push(finding);
    else matched.acknowledged.push({ finding, reason: first.reason });
    matched.unused = matched.unused.filter((entry) => !fitting.includes(entry));
  }
  return matched;
}

function fits(wanted: string | RegExp, rule: string): boolean {
  return typeof wanted === "string" ? wanted === rule : wanted.test(rule);
}
