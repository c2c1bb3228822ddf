import { SealedError } from "../errors.ts";
import { egressNeeds } from "./egress-needs.ts";
import { type JudgedRule, meets } from "./judge.ts";
import { type Need, openingFor } from "./need.ts";
import type { Direction, Opening, Rule } from "./rule.ts";
import type { Survey } from "./survey.ts";

/** A rule that is to be added. */
export interface Addition {
  groupId: string;
  direction: Direction;
  opening: Opening;
  purpose: string;
}

/** What makes the groups as narrow as the path allows, in the order in which it is done. */
export interface Plan {
  add: readonly Addition[];
  revoke: readonly JudgedRule[];
  /** Less restrictive, and named to stay. */
  keep: readonly JudgedRule[];
}

/** What is to stay as it is. */
export interface Restraint {
  /** Ids of rules that stay. */
  keep: readonly string[];
  ingressOnly: boolean;
}

/** Returns what has to be changed. */
export function makePlan(survey: Survey, { keep, ingressOnly }: Restraint): Plan {
  const loose = survey.judged
    .filter(({ verdict }) => verdict === "less restrictive")
    .filter(({ rule }) => rule.direction === "ingress" || !ingressOnly);
  return {
    add: [...missing(survey, "ingress"), ...(ingressOnly ? [] : missing(survey, "egress"))],
    revoke: loose.filter(({ rule }) => !keep.includes(rule.id)),
    keep: loose.filter(({ rule }) => keep.includes(rule.id)),
  };
}

/** Returns what is needed and opened by no rule of its own. */
export function missing(survey: Survey, direction: Direction): Addition[] {
  const rules = survey.judged.map(({ rule }) => rule).filter((rule) => rule.direction === direction);
  const additions = direction === "ingress" ? missingIngress(survey, rules) : missingEgress(survey, rules);
  const key = ({ groupId, opening }: Addition) => `${groupId} ${JSON.stringify(opening)}`;
  return [...new Map(additions.map((one) => [key(one), one])).values()];
}

/** Each instance must get what it needs by one of its groups. */
function missingIngress(survey: Survey, rules: readonly Rule[]): Addition[] {
  return survey.ingress.flatMap((need) =>
    survey.members
      .filter(({ groupIds }) => !isMet(need, rules, groupIds))
      .map(({ groupIds }) => addition(need, "ingress", bestGroup(survey, groupIds))),
  );
}

/** Each group goes on letting out what it does: put into another group, it would let more instances out. */
function missingEgress({ groupIds, neighbours }: Survey, rules: readonly Rule[]): Addition[] {
  return groupIds.flatMap((groupId) => {
    const ofGroup = rules.filter((rule) => rule.groupId === groupId);
    return egressNeeds(ofGroup, neighbours)
      .filter((need) => !isMet(need, ofGroup, [groupId]))
      .map((need) => addition(need, "egress", groupId));
  });
}

/** Whether one of the groups lets a need through by a rule of its own. */
function isMet(need: Need, rules: readonly Rule[], groupIds: readonly string[]): boolean {
  return rules.some((rule) => groupIds.includes(rule.groupId) && meets(rule, need));
}

function addition(need: Need, direction: Direction, groupId: string): Addition {
  return { groupId, direction, opening: openingFor(need), purpose: need.purpose };
}

/** Nobody else's group where there is a choice, then the one that serves most instances. */
function bestGroup({ members, shared }: Survey, groupIds: readonly string[]): string {
  const users = (groupId: string) => members.filter((member) => member.groupIds.includes(groupId)).length;
  const isShared = (groupId: string) => shared.some((one) => one.groupId === groupId);
  const [best] = groupIds.toSorted(
    (one, other) =>
      Number(isShared(one)) - Number(isShared(other)) || users(other) - users(one) || (one < other ? -1 : 1),
  );
  if (best === undefined) throw new RangeError("a member without a group");
  return best;
}

/**
 * Checks that rules which are to stay are there.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID
 */
export function checkKept(keep: readonly string[], { judged }: Survey): void {
  const unknown = keep.filter((id) => !judged.some(({ rule }) => rule.id === id));
  if (unknown.length === 0) return;
  throw new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `--keep names ${unknown.join(", ")}, and no rule of the instances' groups has that id: npx sealed audit lists them`,
  );
}
