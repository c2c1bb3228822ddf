import type { Need } from "./need.ts";
import { isSamePeer, isWithin, whyHarmless } from "./opening.ts";
import { type Opening, peerText, type Rule, trafficText } from "./rule.ts";
import { commonTraffic, isTrafficWithin } from "./traffic.ts";

/** What a rule is, measured against what must be open. */
type Verdict = "needed" | "less restrictive" | "unrelated";

/** A rule with its verdict. */
export interface JudgedRule {
  rule: Rule;
  verdict: Verdict;
  /** One sentence. */
  reason: string;
}

/**
 * Judges a rule.
 *
 * Needed: it lets through what is needed, to a peer that needs it, and nothing else. Unrelated: it lets in no
 * new connection at all. Less restrictive: everything else.
 */
export function judge(rule: Rule, needs: readonly Need[]): JudgedRule {
  const harmless = whyHarmless(rule);
  if (harmless !== undefined) return { rule, verdict: "unrelated", reason: harmless };
  const need = needs.find((candidate) => isWithinNeed(rule, candidate));
  if (need !== undefined) return { rule, verdict: "needed", reason: need.purpose };
  return { rule, verdict: "less restrictive", reason: excess(rule, needs) };
}

/** Whether an opening lets nothing through that a need does not. */
function isWithinNeed(opening: Opening, need: Need): boolean {
  return isTrafficWithin(opening, need) && need.anyOf.some((peer) => isWithin(opening.peer, peer));
}

/** Whether an opening is the whole of a need. */
export function meets(opening: Opening, need: Need): boolean {
  const isWhole = isWithinNeed(opening, need) && isTrafficWithin(need, opening);
  return isWhole && need.anyOf.some((peer) => isWithin(peer, opening.peer));
}

function excess(rule: Rule, needs: readonly Need[]): string {
  const verb = rule.direction === "ingress" ? "lets in" : "lets out";
  const opposite = rule.direction === "ingress" ? "from" : "to";
  const known = needs.find(({ anyOf }) => anyOf.some((peer) => isSamePeer(peer, rule.peer)));
  const what = `${verb} ${trafficText(rule)} ${opposite} ${peerText(rule.peer)}`;
  if (known !== undefined) return `${what}, where ${trafficText(known)} is enough`;
  const covered = needs.find((need) => commonTraffic(rule, need) !== undefined);
  if (covered !== undefined && covered.anyOf[0] !== undefined) {
    return `${what}: ${peerText(covered.anyOf[0])} is who needs ${trafficText(covered)}`;
  }
  // What instances reach outside of the VPC is nowhere to be read.
  const nobody = rule.direction === "ingress" ? "nothing of this path" : "nothing that is known here";
  return `${what}: ${nobody} needs it`;
}
