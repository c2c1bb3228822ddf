import { ArnFormat, type RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/**
 * Rule groups that AWS maintains, first match first, each with the rules of it that only count.
 *
 * `SizeRestrictions_BODY` blocks every body above 8 KB, and the app takes longer notes: it has limits of its own.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * @see https://repost.aws/knowledge-center/waf-http-request-body-inspection
 */
const MANAGED_GROUPS = [
  { name: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  { name: "AWSManagedRulesSQLiRuleSet", counted: [] },
] as const;

/** Requests of one address in five minutes, above which it is blocked. */
const REQUESTS_PER_FIVE_MINUTES = 1_000;

/** What is protected, and where the log goes. */
export interface WebAclProps {
  name: string;
  loadBalancerArn: string;
  logKey: IKey;
  logRetentionDays: number;
  removalPolicy: RemovalPolicy;
}

/** Web ACL before the load balancer: AWS's managed rules and a rate limit, logged without credentials. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, "Resource", {
      defaultAction: { allow: {} },
      scope: "REGIONAL",
      visibilityConfig: visible("WebAcl"),
      rules: [rateLimit(0), ...MANAGED_GROUPS.map((group, index) => managedGroup(group, index + 1))],
    });
    new CfnWebACLAssociation(this, "Association", {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.attrArn,
    });
    // AWS WAF writes to groups of this prefix only.
    const log = new LogGroup(this, "Log", {
      logGroupName: `aws-waf-logs-${props.name}`,
      retention: props.logRetentionDays,
      encryptionKey: props.logKey,
      removalPolicy: props.removalPolicy,
    });
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: "logs",
          resource: "log-group",
          resourceName: log.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: ["authorization", "cookie"].map((name) => ({ singleHeader: { Name: name } })),
    });
  }
}

function rateLimit(priority: number): CfnWebACL.RuleProperty {
  return {
    name: "RateLimit",
    priority,
    action: { block: {} },
    statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: REQUESTS_PER_FIVE_MINUTES } },
    visibilityConfig: visible("RateLimit"),
  };
}

function managedGroup(
  { name, counted }: (typeof MANAGED_GROUPS)[number],
  priority: number,
): CfnWebACL.RuleProperty {
  const ruleActionOverrides = counted.map((rule) => ({ name: rule, actionToUse: { count: {} } }));
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name, ruleActionOverrides } },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
