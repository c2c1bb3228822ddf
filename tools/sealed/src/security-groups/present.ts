import { tableLines } from "@sealed/console/table";
import type { JudgedRule } from "./judge.ts";
import type { Addition } from "./plan.ts";
import { type Direction, type Opening, peerText, trafficText } from "./rule.ts";
import type { Survey } from "./survey.ts";

/** Returns what an opening lets through, and to whom, in words. */
export function openingText(opening: Opening, direction: Direction): string {
  return `${trafficText(opening)} ${direction === "ingress" ? "from" : "to"} ${peerText(opening.peer)}`;
}

/** Returns what was looked at, as lines. */
export function pathLines({ loadBalancer, members, groupIds }: Survey): string[] {
  const { kind, name, groupIds: sources } = loadBalancer;
  return [
    `${kind} load balancer ${name}  ${sources.length === 0 ? "without a group" : sources.join(", ")}`,
    `instances  ${members.map(({ id }) => id).join(", ")}`,
    `their groups  ${groupIds.join(", ")}`,
  ];
}

/** Returns rules with their verdicts as a table. */
export function judgementLines(judged: readonly JudgedRule[], kept: readonly string[]): string[] {
  const row = ({ rule, verdict, reason }: JudgedRule) => [
    rule.id,
    rule.groupId,
    rule.direction,
    openingText(rule, rule.direction),
    kept.includes(rule.id) && verdict === "less restrictive" ? `${verdict} (kept)` : verdict,
    reason,
  ];
  return tableLines(judged.map(row), ["rule", "group", "way", "lets through", "verdict", "reason"]);
}

/** Returns what others use, as lines. */
export function sharedLines({ shared }: Survey, accepted: readonly string[]): string[] {
  return shared.map(({ groupId, role, users }) => {
    const what =
      role === "instances" ? "its rules hold for them too" : "what lets the load balancer in lets them in";
    return `${accepted.includes(groupId) ? "note" : "warning"}: group ${groupId} is also used by ${users.join(", ")}: ${what}`;
  });
}

/** Returns rules that are needed and missing, as lines. */
export function additionLines(additions: readonly Addition[]): string[] {
  return additions.map(
    ({ groupId, direction, opening, purpose }) =>
      `  add     ${groupId}  ${direction} ${openingText(opening, direction)}: ${purpose}`,
  );
}

/** Returns rules that are to be revoked, as lines. */
export function revocationLines(judged: readonly JudgedRule[]): string[] {
  return judged.map(
    ({ rule, reason }) => `  revoke  ${rule.groupId}  ${rule.id}  ${rule.direction}: ${reason}`,
  );
}

/** Returns what a program reads about a judged rule. */
export function ruleDocument({ rule, verdict, reason }: JudgedRule) {
  return { ...rule, verdict, reason };
}
