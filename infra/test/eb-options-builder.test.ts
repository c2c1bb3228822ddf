import assert from "node:assert/strict";
import test from "node:test";
import { OptionSettings } from "@sealed/infra/eb-options";

const application = { loadBalancer: "application", shared: false } as const;
const shared = { loadBalancer: "application", shared: true } as const;
const classic = { loadBalancer: "classic", shared: false } as const;
const network = { loadBalancer: "network", shared: false } as const;

test("writes booleans, numbers, lists and documents as Elastic Beanstalk reads them", () => {
  const settings = new OptionSettings(application)
    .set("aws:autoscaling:launchconfiguration", { DisableIMDSv1: true, SecurityGroups: ["sg-1", "sg-2"] })
    .set("aws:autoscaling:asg", { MinSize: 2, MaxSize: undefined })
    .set("aws:elasticbeanstalk:healthreporting:system", { ConfigDocument: { Version: 1 } })
    .set("aws:elasticbeanstalk:application:environment", { TOPOLOGY: "alb-reencrypt" })
    .build();

  assert.deepEqual(
    settings.map(({ optionName, value }) => [optionName, value]),
    [
      ["DisableIMDSv1", "true"],
      ["SecurityGroups", "sg-1,sg-2"],
      ["MinSize", "2"],
      ["ConfigDocument", '{"Version":1}'],
      ["TOPOLOGY", "alb-reencrypt"],
    ],
  );
});

test("does not compile with a wrong namespace, option or type", () => {
  const options = new OptionSettings(application);

  // @ts-expect-error no such namespace
  options.set("aws:ec2:vpcs", { VPCId: "vpc-1" });
  // @ts-expect-error no such option
  options.set("aws:ec2:vpc", { VpcId: "vpc-1" });
  // @ts-expect-error a boolean, not text
  options.set("aws:autoscaling:launchconfiguration", { DisableIMDSv1: "yes" });
});

test("reports every problem at once", () => {
  const options = new OptionSettings(network)
    .set("aws:elbv2:listener:443", { Protocol: "HTTPS", SSLPolicy: "ELBSecurityPolicy-2016-08" })
    .set("aws:autoscaling:asg", { MinSize: 0 });

  assert.throws(
    () => options.build(),
    (error: Error) =>
      error.message.startsWith("3 wrong option settings:") && error.message.split("\n").length === 4,
  );
});

/** Each kind of mistake: how it is made, and what the message must say. */
const mistakes: [string, OptionSettings, RegExp][] = [
  [
    "an unknown namespace",
    new OptionSettings(application).set("aws:ec2:vpc:" as "aws:ec2:vpc", { VPCId: "vpc-1" }),
    /unknown namespace "aws:ec2:vpc:", allowed: .*aws:ec2:vpc,/,
  ],
  [
    "a namespace of another load balancer",
    new OptionSettings(application).set("aws:elb:loadbalancer", { CrossZone: true }),
    /does not fit load balancer "application", allowed with: classic/,
  ],
  [
    "an unknown option",
    new OptionSettings(application).set("aws:ec2:vpc", { VpcId: "vpc-1" } as never),
    /unknown option "VpcId" in aws:ec2:vpc, allowed: VPCId, Subnets/,
  ],
  [
    "a number out of range",
    new OptionSettings(application).set("aws:elasticbeanstalk:environment:process:default", { Port: 70_000 }),
    /Port must be a whole number from 1 to 65535, got "70000"/,
  ],
  [
    "a word that is not among the choices",
    new OptionSettings(application).set("aws:elasticbeanstalk:command", { DeploymentPolicy: "BlueGreen" }),
    /must be one of AllAtOnce, Rolling, .*, got "BlueGreen"/,
  ],
  [
    "a deployment policy that the load balancer cannot do",
    new OptionSettings(classic).set("aws:elasticbeanstalk:command", { DeploymentPolicy: "TrafficSplitting" }),
    /must be one of AllAtOnce, Rolling, RollingWithAdditionalBatch, Immutable, got/,
  ],
  [
    "text of the wrong form",
    new OptionSettings(application).set("aws:elasticbeanstalk:managedactions", {
      PreferredStartTime: "Tuesday 9",
    }),
    /must be day and time such as Tue:09:00, got "Tuesday 9"/,
  ],
  [
    "an empty value",
    new OptionSettings(application).set("aws:elasticbeanstalk:environment", { ServiceRole: "" }),
    /ServiceRole must be text that is not empty/,
  ],
  [
    "an architecture that does not exist",
    new OptionSettings(application).set("aws:ec2:instances", { SupportedArchitectures: ["arm"] }),
    /a list of x86_64, arm64, got "arm"/,
  ],
  [
    "an option that a shared load balancer does not take",
    new OptionSettings(shared).set("aws:elbv2:loadbalancer", { IdleTimeout: 60 }),
    /IdleTimeout does not fit a shared load balancer/,
  ],
  [
    "an option for shared load balancers only",
    new OptionSettings(application).set("aws:elbv2:loadbalancer", {
      SharedLoadBalancer: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1",
    }),
    /SharedLoadBalancer fits a shared load balancer only/,
  ],
  [
    "a value that only another load balancer takes",
    new OptionSettings(network).set("aws:elasticbeanstalk:environment:process:default", {
      Protocol: "HTTPS",
    }),
    /Protocol must be one of TCP, got "HTTPS"/,
  ],
  [
    "the proxy that the Node.js platform does not have",
    new OptionSettings(application).set("aws:elasticbeanstalk:environment:proxy", { ProxyServer: "none" }),
    /ProxyServer must be one of nginx, apache, got "none"/,
  ],
  [
    "an obsolete option",
    new OptionSettings(classic).set("aws:elb:loadbalancer", { LoadBalancerHTTPPort: "OFF" }),
    /is obsolete, use aws:elb:listener ListenerEnabled/,
  ],
  [
    "an option that is set twice",
    new OptionSettings(application)
      .set("aws:autoscaling:asg", { MinSize: 1 })
      .set("aws:autoscaling:asg", { MinSize: 2 }),
    /aws:autoscaling:asg MinSize is set twice/,
  ],
  [
    "a process that does not exist",
    new OptionSettings(application).set("aws:elbv2:listener:443", { DefaultProcess: "https" }),
    /DefaultProcess names "https", known: default/,
  ],
  [
    "a pinned key that does not exist",
    new OptionSettings(classic).set("aws:elb:policies:backend", { PublicKeyPolicyNames: ["key1"] }),
    /PublicKeyPolicyNames names "key1", known: default, backend/,
  ],
  [
    "a backend policy on a port that no listener uses",
    new OptionSettings(classic)
      .set("aws:elb:listener:443", { InstancePort: 8443 })
      .set("aws:elb:policies:backend", { InstancePorts: ["443"] }),
    /InstancePorts names port 443, listeners use: 8443/,
  ],
];

for (const [mistake, options, message] of mistakes) {
  test(`refuses ${mistake} and names what is allowed`, () => {
    assert.throws(() => options.build(), { message });
  });
}

test("leaves values alone that are known only at deployment", () => {
  const settings = new OptionSettings(application, (value) => value.startsWith("token:"))
    .set("aws:ec2:vpc", { VPCId: "token:vpc" })
    .build();

  assert.equal(settings[0]?.value, "token:vpc");
});
