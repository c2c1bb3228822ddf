import assert from "node:assert/strict";
import type { LintInput, SourceFile } from "../../src/ebextensions/lint.ts";

type Files = readonly SourceFile[];

/** A set of files that is right but for one thing, and the rule that must find it. */
export interface BadFixture extends Partial<Pick<LintInput, "topology" | "mode">> {
  rule: string;
  what: string;
  change: (files: Files) => Files;
}

/** Replaces text in one file; the text must be there. */
function edit(name: string, from: string | RegExp, to: string) {
  return (files: Files): Files =>
    files.map((file) => {
      if (file.name !== `${name}.config`) return file;
      const text = file.text.replace(from, to);
      assert.notEqual(text, file.text, `${name} no longer holds ${from}`);
      return { ...file, text };
    });
}

function without(name: string) {
  return (files: Files): Files => files.filter((file) => file.name !== `${name}.config`);
}

function append(name: string, text: string) {
  return edit(name, /$/, text);
}

const GROUPS = "https-lbsecuritygroup";
const RULES = "https-backendsecurity";

/** At least one for each rule of the linter; the last of a rule is not the easiest. */
export const badFixtures: readonly BadFixture[] = [
  { rule: "yaml", what: "a tab", change: edit(RULES, "  httpsFrom", "\thttpsFrom") },
  { rule: "yaml", what: "a key that stands twice", change: append(RULES, "Resources: {}\n") },
  {
    rule: "yaml",
    what: "a list where a value belongs",
    change: edit("https-reencrypt-alb", "TOPOLOGY: alb-reencrypt", "TOPOLOGY: [alb-reencrypt]"),
  },
  { rule: "header", what: "a file without source", change: edit(RULES, /^# Source: .*$/m, "") },
  { rule: "header", what: "a file without purpose", change: edit(RULES, /^(# .*\n)+(?=# For)/, "") },
  {
    rule: "keys",
    what: "commands that would run as root",
    change: append(RULES, "commands:\n  one:\n    command: id\n"),
  },
  {
    rule: "options",
    what: "a wrong namespace",
    change: edit("plain-environment", "aws:elasticbeanstalk:command", "aws:elasticbeanstalk:commands"),
  },
  {
    rule: "options",
    what: "a misspelt option",
    change: edit("plain-environment", "DisableIMDSv1", "DisableIMDSV1"),
  },
  {
    rule: "options",
    what: "a value that is not allowed",
    change: edit("plain-environment", "RetentionInDays: '365'", "RetentionInDays: '366'"),
  },
  {
    rule: "options",
    what: "an option of another load balancer",
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "aws:elb:loadbalancer", "aws:elbv2:loadbalancer"),
  },
  {
    rule: "options",
    what: "a backend policy on a port that no listener uses",
    topology: "clb-backend-auth",
    change: edit("https-backendauth", "InstancePorts: '443'", "InstancePorts: '8443'"),
  },
  {
    rule: "options",
    what: "a key policy that nobody defines",
    topology: "clb-backend-auth",
    change: edit("https-backendauth", "PublicKeyPolicyNames: backendkey", "PublicKeyPolicyNames: otherkey"),
  },
  {
    rule: "environment-variables",
    what: "a setting that the app does not have",
    change: edit("plain-environment", "HEALTHD_LOG_DIR", "HEALTH_LOG_DIR"),
  },
  {
    rule: "overlap-with-cdk",
    what: "an option that CDK sets too",
    mode: "cdk",
    change: append(
      "elb-health-replaces-instances",
      "option_settings:\n  aws:autoscaling:asg:\n    MinSize: '1'\n",
    ),
  },
  {
    rule: "resource-names",
    what: "a name of Beanstalk's that does not exist in this topology",
    change: edit("elb-health-replaces-instances", "AWSEBAutoScalingGroup", "AWSEBLoadBalancer"),
  },
  {
    rule: "resource-names",
    what: "a resource of Beanstalk's with another type",
    change: edit("elb-health-replaces-instances", "::AutoScalingGroup", "::LaunchConfiguration"),
  },
  {
    rule: "references",
    what: "a group that no file creates",
    change: without(GROUPS),
  },
  {
    rule: "references",
    what: "the default group in an environment where CDK switched it off",
    mode: "cdk",
    change: append(
      "elb-health-replaces-instances",
      "  rule:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties:\n      GroupId: { Ref: AWSEBSecurityGroup }\n",
    ),
  },
  {
    rule: "references",
    what: "an option that does not exist in Fn::GetOptionSetting",
    change: edit(GROUPS, "OptionName: VPCId", "OptionName: VpcId"),
  },
  {
    rule: "references",
    what: "a function that Beanstalk does not resolve",
    change: edit("plain-environment", '{ "Ref" : "AWS::Region" }', '{ "Fn::Sub" : "x" }'),
  },
  {
    rule: "references",
    what: "a typing error between backticks",
    change: edit("plain-environment", '{ "Ref" : "AWS::Region" }', '{ "Ref" : AWS::Region }'),
  },
  { rule: "security-groups", what: "a missing way out of the load balancer", change: without(RULES) },
  {
    rule: "security-groups",
    what: "a way out on another port than the process listens on",
    change: edit(
      RULES,
      /FromPort: 443\n {6}ToPort: 443\n {6}Destination/,
      "FromPort: 80\n      ToPort: 80\n      Destination",
    ),
  },
  {
    rule: "security-groups",
    what: "a process that was moved to a port without moving the groups",
    change: edit(
      "https-reencrypt-alb",
      "Port: '443'\n    Protocol: HTTPS\n    HealthCheckPath",
      "Port: '8443'\n    Protocol: HTTPS\n    HealthCheckPath",
    ),
  },
  {
    rule: "security-groups",
    what: "a way out to everywhere",
    change: edit(RULES, /DestinationSecurityGroupId: .*/, "CidrIp: 0.0.0.0/0"),
  },
  {
    rule: "security-groups",
    what: "a load balancer group without its own way out, which may then reach everything",
    change: edit("https-reencrypt-alb", /^ {4}SecurityGroups: .*$/m, ""),
  },
  {
    rule: "security-groups",
    what: "port 80 open to everybody",
    change: edit(GROUPS, "FromPort: 443", "FromPort: 80"),
  },
  {
    rule: "security-groups",
    what: "an instance that admits everybody behind a load balancer",
    change: edit(RULES, /SourceSecurityGroupId: .*/, "CidrIp: 0.0.0.0/0"),
  },
  {
    rule: "security-groups",
    what: "an instance of a network load balancer that admits nobody",
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", "CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/16"),
  },
  {
    rule: "encrypted-hop",
    what: "a process that speaks plain HTTP",
    change: edit(
      "https-reencrypt-alb",
      "Protocol: HTTPS\n    HealthCheckPath",
      "Protocol: HTTP\n    HealthCheckPath",
    ),
  },
  {
    rule: "encrypted-hop",
    what: "a classic load balancer that speaks plain HTTP to the app",
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "InstanceProtocol: HTTPS", "InstanceProtocol: HTTP"),
  },
  {
    rule: "encrypted-hop",
    what: "the listener on port 80 that Beanstalk opens by default",
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", "ListenerEnabled: 'false'", "ListenerEnabled: 'true'"),
  },
  {
    rule: "encrypted-hop",
    what: "an app that listens on another port than the load balancer connects to",
    topology: "alb-terminate",
    change: edit("https-terminate-alb", "HTTPS_PORT: '8080'", "HTTPS_PORT: '8443'"),
  },
  {
    rule: "times",
    what: "a drain that ends before the load balancer notices",
    change: edit("https-reencrypt-alb", "DRAIN_SECONDS: '15'", "DRAIN_SECONDS: '10'"),
  },
  {
    rule: "times",
    what: "a load balancer that cuts a connection while the app drains",
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "ConnectionDrainingTimeout: '30'", "ConnectionDrainingTimeout: '14'"),
  },
  {
    rule: "times",
    what: "an app that does not know the load balancer's idle timeout",
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", /^ {4}LB_IDLE_TIMEOUT_SECONDS.*$/m, ""),
  },
  {
    rule: "template",
    what: "a misspelt property",
    change: edit("elb-health-replaces-instances", "HealthCheckGracePeriod", "HealthCheckGracePeriods"),
  },
  {
    rule: "template",
    what: "a property of the wrong type",
    topology: "nlb-passthrough",
    mode: "cdk",
    change: edit("nlb-health-check", "Matcher:\n        HttpCode: '200'", "Matcher: '200'"),
  },
];
