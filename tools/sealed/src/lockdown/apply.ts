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
import { NOTHING_NEEDED_IS_GONE, stopIfAsked, stopped } from "./stopped.ts";

/** Rules in one call. */
const REVOKED_AT_ONCE = 100;

/**
 * Between what is added and what is revoked: a rule shows before it holds on every host, and what is revoked may be gone
 * sooner. EC2 says "a small delay" and no number.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
const TAKES_EFFECT_MS = 3_000;

/** What carries a plan out. */
export interface Work {
  ec2: EC2Client;
  survey: Survey;
  plan: Plan;
}

/**
 * Carries a plan out and returns what stands afterwards.
 *
 * The order is the guarantee: what the load balancer needs is added, seen, and given time to take effect, before anything
 * is taken away; and what is taken away is never needed. It is looked for again before each call that takes something away:
 * somebody else may be at work too. Wherever it stops, the next run goes on from there.
 *
 * @throws SealedError SEALED_LOCKDOWN_FAILED, SEALED_INTERRUPTED
 */
export async function applyPlan(work: Work, context: CommandContext): Promise<Survey> {
  try {
    return await makeChanges(work, context);
  } catch (error) {
    // A question that was left without its answer is no failure.
    if (context.signal.aborted && error === context.signal.reason) throw stopped(context.call);
    throw error;
  }
}

async function makeChanges(work: Work, context: CommandContext): Promise<Survey> {
  const { ec2, survey, plan } = work;
  if (plan.add.length > 0) {
    await addAll(work, context);
    await seeNeeded(work, context);
    if (plan.revoke.length > 0) await context.system.pause(TAKES_EFFECT_MS, context.signal);
  }
  for (const rules of batches(plan.revoke.map(({ rule }) => rule))) {
    stopIfAsked(context);
    await seeNeeded(work, context);
    await revoke(rules, ec2, context.call);
    for (const rule of rules) {
      context.reporter.line(`  revoked  ${rule.groupId}  ${rule.id}  ${openingText(rule, rule.direction)}`);
    }
  }
  const revoked = new Set(plan.revoke.map(({ rule }) => rule.id));
  return await readUntil(
    ({ judged }) => judged.filter(({ rule }) => revoked.has(rule.id)),
    { ec2, survey },
    { context, says: (left) => `still has ${left.map(({ rule }) => rule.id).join(", ")}` },
  );
}

async function addAll({ ec2, plan }: Work, context: CommandContext): Promise<void> {
  for (const addition of plan.add) {
    stopIfAsked(context);
    const what = openingText(addition.opening, addition.direction);
    await change(
      `${addition.groupId} could not be given ${what}`,
      () => addRule(ec2, addition),
      context.call,
    );
    context.reporter.line(`  added    ${addition.groupId}  ${what}`);
  }
}

/** Reads until all that is needed shows. */
async function seeNeeded({ ec2, survey, plan }: Work, context: CommandContext): Promise<void> {
  const directions = new Set([...plan.add.map(({ direction }) => direction), "ingress" as const]);
  await readUntil(
    (now) => [...directions].flatMap((direction) => missing(now, direction)),
    { ec2, survey },
    {
      context,
      says: (left) =>
        `still lacks ${left.map((one) => `${one.groupId} ${openingText(one.opening, one.direction)}`).join(", ")}`,
    },
  );
}

async function revoke(rules: readonly Rule[], ec2: EC2Client, call: string): Promise<void> {
  const what = `${rules.map(({ id }) => id).join(", ")} could not be revoked`;
  await change(what, () => revokeWhatIsLeft(rules, ec2), call);
}

async function revokeWhatIsLeft(rules: readonly Rule[], ec2: EC2Client): Promise<void> {
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
}

/** Refusals of EC2 about the change itself; others are about credentials or the network, and are told as such. */
const REFUSALS =
  /^(InvalidSecurityGroupRuleId|InvalidPermission|InvalidGroup|RulesPerSecurityGroupLimitExceeded|SecurityGroupLimitExceeded|InvalidParameter|DependencyViolation)/;

async function change(what: string, make: () => Promise<void>, call: string): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.test(error.name))) throw error;
    throw new SealedError(
      "SEALED_LOCKDOWN_FAILED",
      `${what} (AWS: ${error.name}: ${error.message}): ${NOTHING_NEEDED_IS_GONE}; ${howToMend(error)}, and repeat`,
      { cause: error, mend: [call] },
    );
  }
}

/** A group takes 60 rules each way unless the account has a higher quota, and what is needed comes first. */
function howToMend({ name }: Error): string {
  return name === "RulesPerSecurityGroupLimitExceeded"
    ? "the group is full: revoke one of its rules that has nothing to do with the load balancer (npx sealed audit lists " +
        "them), or ask for a higher quota"
    : "mend it";
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
