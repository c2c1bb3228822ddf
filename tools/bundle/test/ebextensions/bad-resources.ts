import { append, type BadFixture, edit, GROUPS, without } from "./fixture.ts";

/** Resources and references with one thing wrong. */
export const badResources: readonly BadFixture[] = [
  {
    rule: "resource-names",
    what: "a name of Beanstalk's that does not exist in this topology",
    says: /creates no AWSEBLoadBalancer with alb-reencrypt/,
    change: edit("elb-health-replaces-instances", "AWSEBAutoScalingGroup", "AWSEBLoadBalancer"),
  },
  {
    rule: "resource-names",
    what: "a resource of Beanstalk's with another type",
    says: /must have type AWS::AutoScaling::AutoScalingGroup/,
    change: edit("elb-health-replaces-instances", "::AutoScalingGroup", "::LaunchConfiguration"),
  },
  {
    rule: "references",
    what: "a group that no file creates",
    says: /points to loadbalancersg, which nobody creates/,
    change: without(GROUPS),
  },
  {
    rule: "references",
    what: "the default group in an environment where CDK switched it off",
    says: /points to AWSEBSecurityGroup, which nobody creates/,
    mode: "cdk",
    change: append(
      "elb-health-replaces-instances",
      "  rule:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties:\n      GroupId: { Ref: AWSEBSecurityGroup }\n",
    ),
  },
  {
    rule: "references",
    what: "an option that does not exist in Fn::GetOptionSetting",
    says: /reads aws:ec2:vpc VpcId, which does not exist/,
    change: edit(GROUPS, "OptionName: VPCId", "OptionName: VpcId"),
  },
  {
    rule: "references",
    what: "a function that Beanstalk does not resolve",
    says: /does not resolve Fn::Sub/,
    change: edit("plain-environment", '{ "Ref" : "AWS::Region" }', '{ "Fn::Sub" : "x" }'),
  },
  {
    rule: "references",
    what: "a typing error between backticks",
    says: /AWS_REGION holds no JSON/,
    change: edit("plain-environment", '{ "Ref" : "AWS::Region" }', '{ "Ref" : AWS::Region }'),
  },
  {
    rule: "references",
    what: "a resource that two files define",
    says: /loadbalancersg stands in https-lbsecuritygroup.config too/,
    change: append(
      "elb-health-replaces-instances",
      "  loadbalancersg:\n    Type: AWS::EC2::SecurityGroup\n    Properties: { GroupDescription: twice }\n",
    ),
  },
  {
    rule: "references",
    what: "an unknown group inside of an Fn::Join",
    says: /points to nobody, which nobody creates/,
    change: edit(
      "plain-environment",
      '{ "Ref" : "AWS::Region" }',
      '{ "Fn::Join" : ["", [{ "Ref" : "nobody" }]] }',
    ),
  },
  {
    rule: "template",
    what: "a misspelt property",
    says: /HealthCheckGracePeriods/,
    change: edit("elb-health-replaces-instances", "HealthCheckGracePeriod", "HealthCheckGracePeriods"),
  },
  {
    rule: "template",
    what: "a property of the wrong type",
    says: /F3012|not of type/,
    topology: "nlb-passthrough",
    mode: "cdk",
    change: edit("nlb-health-check", "Matcher:\n        HttpCode: '200'", "Matcher: '200'"),
  },
];
