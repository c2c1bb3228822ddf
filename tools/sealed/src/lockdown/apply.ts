import type { EC2Client } from "@aws-sdk/client-ec2";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";
import { missing, type Plan } from "../security-groups/plan.ts";
import { openingText } from "../security-groups/present.ts";
import { readRules } from "../security-groups/read-rules.ts";
import type { Rule } from "../security-groups/rule.ts";
import type { Survey } from "../security-groups/survey.ts";
import { addRule, revokeRules } from "./ec2-changes.ts";
import { readUntil } from "./read-back.ts";
import { stopIfAsked, stopped } from "./stopped.ts";

/** Rules in one call. */
const REVOKED_AT_ONCE = 100;

/** What carries a plan out. */
export interface Work {
  ec2: EC2Client;
  survey: Survey;
  plan: Plan;
}

/**
 * Carries a plan out and returns what stands afterwards.
 *
 * The order is the guarantee: what the load balancer needs is added, and seen, before anything is taken away; and what
 * is taken away is never needed. Wherever it stops, the load balancer gets through, and the next run goes on from there.
 *
 * @throws SealedError SEALED_LOCKDOWN_FAILED, SEALED_INTERRUPTED
 */
export async function applyPlan(work: Work, context: CommandContext): Promise<Survey> {
  try {
    return await makeChanges(work, context);
  } catch (error) {
    // A question that was left without its answer is no failure.
    if (context.signal.aborted && error === context.signal.reason) throw stopped();
    throw error;
  }
}

async function makeChanges({ ec2, survey, plan }: Work, context: CommandContext): Promise<Survey> {
  const { reporter, signal } = context;
  const directions = [...new Set(plan.add.map(({ direction }) => direction))];
  for (const addition of plan.add) {
    stopIfAsked(signal);
    await change(
      `${addition.groupId} could not be given ${openingText(addition.opening, addition.direction)}`,
      () => addRule(ec2, addition),
    );
    reporter.line(`  added    ${addition.groupId}  ${openingText(addition.opening, addition.direction)}`);
  }
  // Also when nothing was added: the rules may be older than a minute by now.
  await readUntil(
    (now) =>
      [...new Set([...directions, "ingress" as const])].flatMap((direction) => missing(now, direction)),
    { ec2, survey },
    {
      context,
      says: (left) =>
        `still lacks ${left.map((one) => `${one.groupId} ${openingText(one.opening, one.direction)}`).join(", ")}`,
    },
  );
  for (const rules of batches(plan.revoke.map(({ rule }) => rule))) {
    stopIfAsked(signal);
    await revoke(rules, ec2);
    for (const rule of rules) {
      reporter.line(`  revoked  ${rule.groupId}  ${rule.id}  ${openingText(rule, rule.direction)}`);
    }
  }
  const revoked = new Set(plan.revoke.map(({ rule }) => rule.id));
  return await readUntil(
    ({ judged }) => judged.filter(({ rule }) => revoked.has(rule.id)),
    { ec2, survey },
    { context, says: (left) => `still has ${left.map(({ rule }) => rule.id).join(", ")}` },
  );
}

async function revoke(rules: readonly Rule[], ec2: EC2Client): Promise<void> {
  const what = `${rules.map(({ id }) => id).join(", ")} could not be revoked`;
  await change(what, async () => {
    try {
      await revokeRules(ec2, rules);
    } catch (error) {
      if (!(error instanceof Error && error.name.endsWith(".NotFound"))) throw error;
      // Somebody else was faster, or the answer to a first attempt was lost: the others are left.
      const groupIds = rules.map(({ groupId }) => groupId);
      const left = new Set((await readRules(ec2, groupIds)).map(({ id }) => id));
      const rest = rules.filter(({ id }) => left.has(id));
      await revokeRules(ec2, rest);
    }
  });
}

/** Refusals of EC2 about the change itself; others are about credentials or the network, and are told as such. */
const REFUSALS =
  /^(InvalidSecurityGroupRuleId|InvalidPermission|InvalidGroup|RulesPerSecurityGroupLimitExceeded|SecurityGroupLimitExceeded|InvalidParameter|DependencyViolation)/;

async function change(what: string, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.test(error.name))) throw error;
    throw new SealedError(
      "SEALED_LOCKDOWN_FAILED",
      `${what} (AWS: ${error.name}: ${error.message}): the load balancer gets through; mend it, and repeat`,
      { cause: error, mend: ["npx sealed lockdown"] },
    );
  }
}

function batches(rules: readonly Rule[]): Rule[][] {
  const groups = Map.groupBy(rules, ({ groupId, direction }) => `${direction} ${groupId}`);
  return [...groups.values()].flatMap((all) => {
    const parts: Rule[][] = [];
    for (let start = 0; start < all.length; start += REVOKED_AT_ONCE) {
      parts.push(all.slice(start, start + REVOKED_AT_ONCE));
    }
    return parts;
  });
}
