import { append, type BadFixture, edit, RULES } from "./fixture.ts";

/** Files and settings with one thing wrong. */
export const badFiles: readonly BadFixture[] = [
  { rule: "yaml", what: "a tab", says: /[Tt]ab/, change: edit(RULES, "  httpsFrom", "\thttpsFrom") },
  {
    rule: "yaml",
    what: "a key that stands twice",
    says: /Map keys must be unique/,
    change: append(RULES, "Resources: {}\n"),
  },
  {
    rule: "yaml",
    what: "a list where a value belongs",
    says: /TOPOLOGY must be text, a number, true or false/,
    change: edit("https-reencrypt-alb", "TOPOLOGY: alb-reencrypt", "TOPOLOGY: [alb-reencrypt]"),
  },
  {
    rule: "header",
    what: "a file without source",
    says: /lacks a line `Source: /,
    change: edit(RULES, /^# Source: .*$/m, ""),
  },
  {
    rule: "header",
    what: "a file without purpose",
    says: /lacks what it is for/,
    change: edit(RULES, /^(# .*\n)+(?=# For)/, ""),
  },
  {
    rule: "keys",
    what: "commands that would run as root",
    says: /key "commands" is not allowed/,
    change: append(RULES, "commands:\n  one:\n    command: id\n"),
  },
  {
    rule: "options",
    what: "a wrong namespace",
    says: /unknown namespace "aws:elasticbeanstalk:commands"/,
    change: edit("plain-environment", "aws:elasticbeanstalk:command", "aws:elasticbeanstalk:commands"),
  },
  {
    rule: "options",
    what: "a misspelt option",
    says: /unknown option "DisableIMDSV1"/,
    change: edit("plain-environment", "DisableIMDSv1", "DisableIMDSV1"),
  },
  {
    rule: "options",
    what: "a value that is not allowed",
    says: /RetentionInDays must be one of .*, got "366"/,
    change: edit("plain-environment", "RetentionInDays: '365'", "RetentionInDays: '366'"),
  },
  {
    rule: "options",
    what: "an option of another load balancer",
    says: /does not fit load balancer "classic"/,
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "aws:elb:loadbalancer", "aws:elbv2:loadbalancer"),
  },
  {
    rule: "options",
    what: "a backend policy on a port that no listener uses",
    says: /names port 8443, listeners use: 443/,
    topology: "clb-backend-auth",
    change: edit("https-backendauth", "InstancePorts: '443'", "InstancePorts: '8443'"),
  },
  {
    rule: "options",
    what: "a key policy that nobody defines",
    says: /PublicKeyPolicyNames names "otherkey"/,
    topology: "clb-backend-auth",
    change: edit("https-backendauth", "PublicKeyPolicyNames: backendkey", "PublicKeyPolicyNames: otherkey"),
  },
  {
    rule: "environment-variables",
    what: "a setting that the app does not have",
    says: /the app has no setting HEALTH_LOG_DIR/,
    change: edit("plain-environment", "HEALTHD_LOG_DIR", "HEALTH_LOG_DIR"),
  },
  {
    rule: "overlap-with-cdk",
    what: "an option that CDK sets too",
    says: /aws:autoscaling:asg MinSize belongs into infra/,
    mode: "cdk",
    change: append(
      "elb-health-replaces-instances",
      "option_settings:\n  aws:autoscaling:asg:\n    MinSize: '1'\n",
    ),
  },
];
