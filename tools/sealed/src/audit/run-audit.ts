import type { CommandContext, Outcome } from "../context.ts";
import { makePlan } from "../security-groups/plan.ts";
import {
  additionLines,
  judgementLines,
  pathLines,
  ruleDocument,
  sharedLines,
} from "../security-groups/present.ts";
import { type GroupOptions, surveyFor } from "../security-groups/survey-for.ts";

/** Judges every rule of the instances' groups, and changes nothing. */
export async function runAudit(options: GroupOptions, context: CommandContext): Promise<Outcome> {
  const { survey } = await surveyFor(options, context);
  const { keep, shared: accepted } = options;
  const plan = makePlan(survey, options);
  const shared = survey.shared.filter(({ groupId }) => !accepted.includes(groupId));
  const isTight = plan.revoke.length === 0 && plan.add.length === 0 && shared.length === 0;
  const judged = survey.judged.filter(({ rule }) => rule.direction === "ingress" || !options.ingressOnly);
  const { loadBalancer, members, groupIds } = survey;
  return {
    exitCode: isTight ? 0 : 1,
    summary: [
      ...pathLines(survey),
      "",
      ...judgementLines(judged, keep),
      ...(plan.add.length === 0
        ? []
        : ["", "needed, and no rule of its own opens it:", ...additionLines(plan.add)]),
      ...sharedLines(survey, accepted),
      "",
      isTight
        ? "the groups let through what the path needs, and nothing else but what is kept"
        : verdictText(plan.revoke.length, plan.add.length, shared.length, context.call),
    ],
    document: {
      command: "audit",
      verdict: isTight ? "tight" : "loose",
      loadBalancer: { kind: loadBalancer.kind, name: loadBalancer.name, groupIds: loadBalancer.groupIds },
      instances: members.map(({ id }) => id),
      groupIds,
      rules: judged.map(ruleDocument),
      missing: plan.add,
      kept: plan.keep.map(({ rule }) => rule.id),
      sharedGroups: survey.shared,
    },
  };
}

/** Both commands take the same options. */
function verdictText(loose: number, missing: number, shared: number, call: string): string {
  const parts = [
    loose > 0 ? `less restrictive rules: ${loose}` : "",
    missing > 0 ? `missing rules: ${missing}` : "",
    shared > 0 ? `groups that others use: ${shared}` : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")}  (${call.replace(/ audit\b/, " lockdown")} shows what mends it)`;
}
