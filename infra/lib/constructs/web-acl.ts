import { ArnFormat, type RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/** Rule groups that AWS maintains, first match first. */
const MANAGED_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesSQLiRuleSet",
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
      rules: [rateLimit(0), ...MANAGED_GROUPS.map((name, index) => managedGroup(name, index + 1))],
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

function managedGroup(name: string, priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
