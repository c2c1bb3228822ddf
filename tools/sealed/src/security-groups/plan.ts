import { SealedError } from "../errors.ts";
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

/** Returns what is needed and nowhere open: a rule for each group that has to let it through. */
export function missing(survey: Survey, direction: Direction): Addition[] {
  const rules = survey.judged.map(({ rule }) => rule).filter((rule) => rule.direction === direction);
  const needs = direction === "ingress" ? survey.ingress : survey.egress;
  const additions = needs.flatMap((need) =>
    survey.members
      .filter(({ groupIds }) => !isMet(need, rules, groupIds))
      .map(({ groupIds }) => addition(survey, need, direction, groupIds)),
  );
  return [
    ...new Map(additions.map((one) => [`${one.groupId} ${JSON.stringify(one.opening)}`, one])).values(),
  ];
}

/** Whether one of the groups lets a need through by a rule of its own. */
export function isMet(need: Need, rules: readonly Rule[], groupIds: readonly string[]): boolean {
  return rules.some((rule) => groupIds.includes(rule.groupId) && meets(rule, need));
}

function addition(survey: Survey, need: Need, direction: Direction, groupIds: readonly string[]): Addition {
  const users = (groupId: string) =>
    survey.members.filter((member) => member.groupIds.includes(groupId)).length;
  const isShared = (groupId: string) => survey.shared.some((shared) => shared.groupId === groupId);
  // Nobody else's group where there is a choice, then the one that serves most instances.
  const [best] = groupIds.toSorted(
    (one, other) =>
      Number(isShared(one)) - Number(isShared(other)) || users(other) - users(one) || (one < other ? -1 : 1),
  );
  if (best === undefined) throw new RangeError("a member without a group");
  return { groupId: best, direction, opening: openingFor(need), purpose: need.purpose };
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
