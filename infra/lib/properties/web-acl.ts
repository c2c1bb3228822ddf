import { isDeepStrictEqual } from "node:util";
import { topologies } from "../topologies.ts";
import { at, list, target } from "./assembly.ts";
import { every, type Property } from "./property.ts";

/** Rule groups, each with the rules that count only. */
const GROUPS = [
  ["AWSManagedRulesAmazonIpReputationList", []],
  // It blocks bodies above 8 KB, and the app takes longer notes.
  ["AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]],
  ["AWSManagedRulesKnownBadInputsRuleSet", []],
  ["AWSManagedRulesSQLiRuleSet", []],
];

/** What holds of the web ACL. */
export const webAclProperty: Property = {
  id: "alb/web-acl",
  title:
    "a web ACL stands before the load balancer where the setting says so: managed rules, a rate limit, a log without credentials; it lets through what the app takes",
  appliesTo: ({ topology, webAcl }) => topologies[topology].shared && webAcl,
  check: (assembly) => [
    ...every(
      assembly,
      "AWS::WAFv2::WebACLAssociation",
      "for the load balancer",
      ({ properties }) =>
        target(properties.ResourceArn) ===
        assembly.ofType("AWS::ElasticLoadBalancingV2::LoadBalancer")[0]?.id,
    ),
    ...every(
      assembly,
      "AWS::WAFv2::WebACL",
      "blocking with four managed groups, long bodies aside, and a rate limit",
      ({ properties }) => {
        const [rate, ...groups] = list(properties.Rules);
        return (
          at(rate, "Action", "Block") !== undefined &&
          at(rate, "Statement", "RateBasedStatement") !== undefined &&
          groups.every((rule) => at(rule, "OverrideAction", "None") !== undefined) &&
          isDeepStrictEqual(groups.map(nameAndExceptions), GROUPS)
        );
      },
    ),
    ...every(
      assembly,
      "AWS::WAFv2::LoggingConfiguration",
      "leaving out cookie and authorization",
      ({ properties }) => list(properties.RedactedFields).length === 2,
    ),
  ],
};

function nameAndExceptions(rule: unknown): [unknown, unknown[]] {
  const group = at(rule, "Statement", "ManagedRuleGroupStatement");
  return [at(group, "Name"), list(at(group, "RuleActionOverrides")).map((override) => at(override, "Name"))];
}
