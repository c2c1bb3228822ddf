import type { CommandContext, Outcome } from "../context.ts";
import { SealedError } from "../errors.ts";
import { makePlan, type Plan } from "../security-groups/plan.ts";
import {
  additionLines,
  pathLines,
  revocationLines,
  ruleDocument,
  sharedLines,
} from "../security-groups/present.ts";
import type { Survey } from "../security-groups/survey.ts";
import { type GroupOptions, surveyFor } from "../security-groups/survey-for.ts";
import { applyPlan } from "./apply.ts";

/** What `sealed lockdown` was asked for. */
export interface LockdownOptions extends GroupOptions {
  apply: boolean;
}

const UNKNOWN_EGRESS =
  "note: what the app reaches on another port than 443, outside of its VPC or at hosts that admit addresses, is not " +
  "known here: --keep the rule that leads there, or add --ingress-only";

/** Shows what narrows the groups to what the path needs, and does it when told. */
export async function runLockdown(options: LockdownOptions, context: CommandContext): Promise<Outcome> {
  const { ec2, survey } = await surveyFor(options, context);
  const plan = makePlan(survey, options);
  const isDone = plan.add.length === 0 && plan.revoke.length === 0;
  context.reporter.line([...pathLines(survey), ...sharedLines(survey, options.shared)].join("\n"));
  if (!isDone) context.reporter.line(planLines(plan).join("\n"));
  if (isDone || !options.apply) {
    const says = isDone ? "nothing to change" : "nothing was changed: add --apply to do this";
    return {
      exitCode: 0,
      summary: [...keptLines(plan), says],
      document: document(plan, { isApplied: false }),
    };
  }
  refuseShared(survey, plan, options, context);
  const after = await context.reporter.step("lock down", () => applyPlan({ ec2, survey, plan }, context));
  const rest = makePlan(after, options);
  // Of what was to stay there is as much as before, unless somebody else revoked it.
  const isTight = rest.add.length === 0 && rest.revoke.length === 0 && rest.keep.length === plan.keep.length;
  return {
    exitCode: isTight ? 0 : 1,
    summary: [
      ...keptLines(rest),
      isTight
        ? "locked down, and read back: nothing is let through but what the path needs"
        : "locked down, and somebody else changed the groups meanwhile: run npx sealed audit",
    ],
    document: document({ ...plan, keep: rest.keep }, { isApplied: true, isTight }),
  };
}

function planLines({ add, revoke }: Plan): string[] {
  const cutsEgress = revoke.some(({ rule }) => rule.direction === "egress");
  return [
    "plan, in this order:",
    ...additionLines(add),
    ...revocationLines(revoke),
    ...(cutsEgress ? [UNKNOWN_EGRESS] : []),
  ];
}

function keptLines({ keep }: Plan): string[] {
  return keep.map(
    ({ rule, reason }) => `  kept    ${rule.groupId}  ${rule.id}  ${rule.direction}: ${reason}`,
  );
}

function document({ add, revoke, keep }: Plan, result: object): Outcome["document"] {
  return {
    command: "lockdown",
    ...result,
    add,
    revoke: revoke.map(ruleDocument),
    keep: keep.map(ruleDocument),
  };
}

/** Somebody else may need what would be taken away, and whoever has the load balancer's group gets in as it does. */
function refuseShared(
  { shared }: Survey,
  { add, revoke }: Plan,
  { shared: accepted }: LockdownOptions,
  { call }: CommandContext,
): void {
  const changed = new Set([...add, ...revoke.map(({ rule }) => rule)].map(({ groupId }) => groupId));
  const refused = shared.filter(
    ({ groupId, role }) => !accepted.includes(groupId) && (role === "load balancer" || changed.has(groupId)),
  );
  if (refused.length === 0) return;
  const groups = refused.map(({ groupId, users }) => `${groupId} (used by ${users.join(", ")})`);
  throw new SealedError(
    "SEALED_GROUP_SHARED",
    `others use the same groups: ${groups.join("; ")}. Give the path groups of its own, or name each with --shared`,
    { mend: [`${call} --shared ${refused.map(({ groupId }) => groupId).join(" ")}`] },
  );
}
