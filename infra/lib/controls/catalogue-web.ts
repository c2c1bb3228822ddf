import { acknowledged, type Control, inBundle, inProductionOnly, met } from "./control.ts";

/** Demands on Elastic Beanstalk and on load balancers. */
export const webControls: readonly Control[] = [
  met(
    "ElasticBeanstalk.1 CT.ELASTICBEANSTALK.PR.1 NIST-ElasticBeanstalkEnhancedHealthReportingEnabled",
    "enhanced health reporting",
    "environment/enhanced-health",
  ),
  met(
    "ElasticBeanstalk.2 CT.ELASTICBEANSTALK.PR.2 AwsSolutions-EB3 NIST-ElasticBeanstalkManagedUpdatesEnabled",
    "managed platform updates",
    "environment/managed-updates",
  ),
  met(
    "ElasticBeanstalk.3 CT.ELASTICBEANSTALK.PR.3",
    "logs streamed to CloudWatch",
    "environment/logs-streamed",
    "logs/environment",
  ),
  met("AwsSolutions-EB1", "an environment in a network of its own", "environment/own-network"),
  met("AwsSolutions-EB4", "rotated logs copied to S3", "environment/logs-streamed"),

  met(
    "ELB.1 CT.ELASTICLOADBALANCING.PR.1 NIST-ALBHttpToHttpsRedirection",
    "no plain HTTP but to redirect to HTTPS; without the setting `httpRedirect` not even that",
    "alb/https-only",
    "alb/redirect-only",
  ),
  {
    ids: ["ELB.18", "CT.ELASTICLOADBALANCING.PR.9"],
    demand: "every listener with TLS",
    status: "met",
    by: ["alb/https-only", "clb/https-both-sides"],
    reason:
      "acknowledged with the setting `httpRedirect`, off by default, for it adds a listener on port 80 that only redirects; a network load balancer passes the client's TLS on, which its listener calls TCP",
  },
  met(
    "ELB.4 CT.ELASTICLOADBALANCING.PR.4 NIST-ALBHttpDropInvalidHeaderEnabled",
    "invalid headers dropped",
    "alb/invalid-headers",
  ),
  met(
    "ELB.5 CT.ELASTICLOADBALANCING.PR.6 CT.ELASTICLOADBALANCING.PR.10 AwsSolutions-ELB2 NIST-ELBLoggingEnabled",
    "access logs of an application load balancer",
    "alb/access-logs",
    "alb/connection-logs",
  ),
  inProductionOnly(
    "ELB.6 CT.ELASTICLOADBALANCING.PR.5 NIST-ELBDeletionProtectionEnabled",
    "deletion protection",
    ["alb/deletion-protected"],
    "a sandbox is removed as a whole",
  ),
  met("ELB.12 CT.ELASTICLOADBALANCING.PR.3", "desync mitigation, defensive or strictest", "alb/desync"),
  met("ELB.13", "at least two Availability Zones", "network/two-zones", "instances/two-zones"),
  inProductionOnly(
    "ELB.16 NIST-ALBWAFEnabled",
    "a web ACL",
    ["alb/web-acl"],
    "a web ACL costs more than the rest of a sandbox: the setting `webAcl` turns it on",
  ),
  met("ELB.17", "a recommended security policy; here one with post-quantum key exchange", "alb/post-quantum"),
  {
    ids: ["ELB.21", "ELB.22"],
    demand: "health checks and target groups with TLS",
    status: "met",
    by: ["hop2/https", "nlb/passes-tls-through", "clb/https-both-sides"],
    reason:
      "a network load balancer passes the client's TLS on and checks TCP; the lesson topology alb-terminate shows what a violation looks like",
  },
  {
    ids: ["CT.ELASTICLOADBALANCING.PR.2", "NIST-ELBv2ACMCertificateRequired"],
    demand: "a certificate from ACM",
    status: "met",
    by: ["alb/https-only", "certificate/validated"],
    reason: "acknowledged for the listener of `httpRedirect`, which has no TLS to show a certificate in",
  },
  met(
    "ELB.2 ELB.3 ELB.8 CT.ELASTICLOADBALANCING.PR.8 CT.ELASTICLOADBALANCING.PR.12 AwsSolutions-ELB5",
    "classic load balancer: TLS listener, ACM certificate, TLS 1.2",
    "clb/https-both-sides",
  ),
  met(
    "ELB.7 ELB.9 ELB.10 CT.ELASTICLOADBALANCING.PR.7 CT.ELASTICLOADBALANCING.PR.11 CT.ELASTICLOADBALANCING.PR.13 AwsSolutions-ELB3 AwsSolutions-ELB4",
    "classic load balancer: open requests finish, both zones",
    "clb/two-zones",
  ),
  acknowledged(
    "ELB.14",
    "classic load balancer: desync mitigation, defensive or strictest",
    "Elastic Beanstalk makes this load balancer and neither it nor CloudFormation has a property for the mode; AWS's default is defensive. Its access log, which ELB.5 asks for too, has no option either: the app logs every request itself, and in an environment made without CDK a file of one's own adds the log (docs/reference/bundle.md)",
  ),
  acknowledged(
    "CT.ELASTICLOADBALANCING.PR.14 CT.ELASTICLOADBALANCING.PR.15",
    "network load balancer: requests cross zones",
    "Elastic Beanstalk makes this load balancer and its target group, and has no option for it; an instance runs in each zone",
  ),
  acknowledged(
    "AwsSolutions-ELB1",
    "no classic load balancer",
    "the topology clb-backend-auth is chosen for what only a classic load balancer does: it verifies the app's key",
  ),

  met(
    "EC2.8 EC2.170 AutoScaling.3 CIS-6.7 CT.EC2.PR.1 CT.AUTOSCALING.PR.2",
    "instance metadata of version 2 only",
    "instances/imds-v2",
    "network/nat-hardened",
  ),
  acknowledged(
    "AutoScaling.4 CT.EC2.PR.2 CT.AUTOSCALING.PR.3",
    "metadata hop limit of 1",
    "Elastic Beanstalk has no option for it and documents no way to change its launch template; no container and no proxy of others runs on an instance, and version 1 is off",
  ),
  met(
    "AutoScaling.9 CT.AUTOSCALING.PR.8",
    "launch templates; turning IMDSv1 off makes Elastic Beanstalk use one",
    "instances/imds-v2",
  ),
  met(
    "EC2.9 EC2.25 AutoScaling.5 CT.EC2.PR.9 CT.AUTOSCALING.PR.5",
    "no public address on instances",
    "network/instances-private",
    "network/no-public-addresses",
  ),
  inBundle(
    "AutoScaling.1 CT.AUTOSCALING.PR.4",
    "instances replaced when the load balancer calls them unhealthy",
    "elb-health-replaces-instances.config",
  ),
  met("AutoScaling.2 CT.AUTOSCALING.PR.1", "instances in two zones", "instances/two-zones"),
  acknowledged(
    "AutoScaling.6 CT.AUTOSCALING.PR.6",
    "several instance types in a group",
    "with Spot off, Elastic Beanstalk uses the first of the types that are given",
  ),
  met(
    "EC2.3 EC2.7 EC2.181 CIS-6.1.1 CT.EC2.PR.7 CT.EC2.PR.14 CT.AUTOSCALING.PR.9",
    "encrypted EBS volumes",
    "instances/ebs-encrypted",
    "network/nat-hardened",
  ),
  met(
    "AwsSolutions-EC28 CT.EC2.PR.10 CT.EC2.PR.13",
    "detailed monitoring",
    "instances/watched-each-minute",
    "network/nat-hardened",
  ),
  met(
    "CT.EC2.PR.12 CT.EC2.PR.15 CT.EC2.PR.16 CT.AUTOSCALING.PR.10",
    "Nitro instances with one network interface",
    "instances/nitro",
  ),
  acknowledged(
    "CT.EC2.PR.19 CT.AUTOSCALING.PR.11",
    "Nitro instances that encrypt between each other",
    "the sizes that a small app needs do not; every hop between instances is TLS, and a NAT instance passes TLS on",
  ),
  acknowledged(
    "CT.EC2.PR.8",
    "no public address on a network interface",
    "a NAT instance is the way out of the private subnets; egress by gateways or endpoints has none",
  ),
  met(
    "SSM.1 SSM.2 SSM.3",
    "operators come through Systems Manager",
    "access/session-manager",
    "instances/no-ssh",
  ),

  met("WAF.10 WAF.12 CT.WAFV2.PR.1", "a web ACL with rules and metrics", "alb/web-acl"),
  met("WAF.11 NIST-WAFv2LoggingEnabled", "the web ACL's log", "alb/web-acl"),
  met(
    "ACM.1 ACM.2",
    "certificates renewed in time, RSA of 2048 or more",
    "certificate/validated",
    "alarms/certificate-days",
  ),
];
