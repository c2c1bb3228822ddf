import { type EC2Client, paginateDescribeSecurityGroupRules } from "@aws-sdk/client-ec2";
import { readPermissionRules } from "./permission-rules.ts";
import { type Rule, toRule } from "./rule.ts";

/**
 * Rules in one answer: a group may have up to 1000.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const PAGE_SIZE = 200;

/** Returns all rules of the groups, both ways, however many there are. */
export async function readRules(ec2: EC2Client, groupIds: readonly string[]): Promise<Rule[]> {
  try {
    return await readRulesWithIds(ec2, groupIds);
  } catch (error) {
    if (!(error instanceof Error && /^(InvalidAction|UnsupportedOperation)/.test(error.name))) throw error;
    return await readPermissionRules(ec2, groupIds);
  }
}

async function readRulesWithIds(ec2: EC2Client, groupIds: readonly string[]): Promise<Rule[]> {
  const rules: Rule[] = [];
  const filter = { Filters: [{ Name: "group-id", Values: [...groupIds] }] };
  for await (const page of paginateDescribeSecurityGroupRules({ client: ec2, pageSize: PAGE_SIZE }, filter)) {
    rules.push(...(page.SecurityGroupRules ?? []).map(toRule));
  }
  return rules;
}
