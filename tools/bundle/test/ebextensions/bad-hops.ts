import { type BadFixture, edit, GROUPS, RULES, without } from "./fixture.ts";

/** Ports, groups, protocols and times with one thing wrong. */
export const badHops: readonly BadFixture[] = [
  {
    rule: "security-groups",
    what: "a missing way out of the load balancer",
    says: /no egress rule of loadbalancersg lets port 443 out/,
    change: without(RULES),
  },
  {
    rule: "security-groups",
    what: "a way out on another port than the process listens on",
    says: /no egress rule of loadbalancersg lets port 443 out/,
    change: edit(
      RULES,
      /FromPort: 443\n {6}ToPort: 443\n {6}Destination/,
      "FromPort: 80\n      ToPort: 80\n      Destination",
    ),
  },
  {
    rule: "security-groups",
    what: "a process that was moved to a port without moving the groups",
    says: /lets port 8443 out/,
    change: edit(
      "https-reencrypt-alb",
      "Port: '443'\n    Protocol: HTTPS\n    HealthCheckPath",
      "Port: '8443'\n    Protocol: HTTPS\n    HealthCheckPath",
    ),
  },
  {
    rule: "security-groups",
    what: "a way out to everywhere",
    says: /loadbalancersg may reach every address/,
    change: edit(RULES, /DestinationSecurityGroupId: .*/, "CidrIp: 0.0.0.0/0"),
  },
  {
    rule: "security-groups",
    what: "a load balancer group without its own way out, which may then reach everything",
    says: /AWSEBLoadBalancerSecurityGroup has no egress rule/,
    change: edit("https-reencrypt-alb", /^ {4}SecurityGroups: .*$/m, ""),
  },
  {
    rule: "security-groups",
    what: "port 80 open to everybody",
    says: /admits ports 80 to 443 from everywhere/,
    change: edit(GROUPS, "FromPort: 443", "FromPort: 80"),
  },
  {
    rule: "security-groups",
    what: "an instance that admits everybody behind a load balancer",
    says: /AWSEBSecurityGroup admits ports 443 to 443 from everywhere, allowed: 443 on loadbalancersg/,
    change: edit(RULES, /SourceSecurityGroupId: .*/, "CidrIp: 0.0.0.0/0"),
  },
  {
    rule: "security-groups",
    what: "an instance of a network load balancer that admits nobody",
    says: /no ingress rule of AWSEBSecurityGroup admits port 443 from clients/,
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", "CidrIp: 0.0.0.0/0", "CidrIp: 10.0.0.0/16"),
  },
  {
    rule: "security-groups",
    what: "a way out of the load balancer to another group than the instances'",
    says: /no egress rule of loadbalancersg lets port 443 out to AWSEBSecurityGroup/,
    change: edit(
      RULES,
      /DestinationSecurityGroupId: .*/,
      "DestinationSecurityGroupId: { Ref: loadbalancersg }",
    ),
  },
  {
    rule: "security-groups",
    what: "an instance that admits another group than the load balancer's",
    says: /no ingress rule of AWSEBSecurityGroup admits port 443 from loadbalancersg/,
    change: edit(RULES, /SourceSecurityGroupId: .*/, "SourceSecurityGroupId: { Ref: AWSEBSecurityGroup }"),
  },
  {
    rule: "security-groups",
    what: "more ports than 443 open to everybody",
    says: /admits ports 443 to 8443 from everywhere/,
    change: edit(GROUPS, "ToPort: 443", "ToPort: 8443"),
  },
  {
    rule: "security-groups",
    what: "everything open to everybody by IPv6",
    says: /admits ports 0 to 65535 from everywhere/,
    change: edit(
      GROUPS,
      /IpProtocol: tcp\n {10}FromPort: 443\n {10}ToPort: 443\n {10}CidrIp: .*/,
      "IpProtocol: -1\n          CidrIpv6: ::/0",
    ),
  },
  {
    rule: "encrypted-hop",
    what: "a process that speaks plain HTTP",
    says: /Protocol must be HTTPS with alb-reencrypt, got "HTTP"/,
    change: edit(
      "https-reencrypt-alb",
      "Protocol: HTTPS\n    HealthCheckPath",
      "Protocol: HTTP\n    HealthCheckPath",
    ),
  },
  {
    rule: "encrypted-hop",
    what: "a classic load balancer that speaks plain HTTP to the app",
    says: /InstanceProtocol must be HTTPS/,
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "InstanceProtocol: HTTPS", "InstanceProtocol: HTTP"),
  },
  {
    rule: "encrypted-hop",
    what: "the listener on port 80 that Beanstalk opens by default",
    says: /ListenerEnabled must be false/,
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", "ListenerEnabled: 'false'", "ListenerEnabled: 'true'"),
  },
  {
    rule: "encrypted-hop",
    what: "an app that listens on another port than the load balancer connects to",
    says: /listens on 8443 \(HTTPS_PORT\), the load balancer connects to 8080/,
    topology: "alb-terminate",
    change: edit("https-terminate-alb", "HTTPS_PORT: '8080'", "HTTPS_PORT: '8443'"),
  },
  {
    rule: "times",
    what: "a drain that ends before the load balancer notices",
    says: /DRAIN_SECONDS of 10 must be more than 10/,
    change: edit("https-reencrypt-alb", "DRAIN_SECONDS: '15'", "DRAIN_SECONDS: '10'"),
  },
  {
    rule: "times",
    what: "a load balancer that cuts a connection while the app drains",
    says: /deregistration delay of 14 s/,
    topology: "clb-backend-auth",
    change: edit("https-reencrypt-clb", "ConnectionDrainingTimeout: '30'", "ConnectionDrainingTimeout: '14'"),
  },
  {
    rule: "times",
    what: "an app that does not know the load balancer's idle timeout",
    says: /LB_IDLE_TIMEOUT_SECONDS of NaN must be the load balancer's own 350/,
    topology: "nlb-passthrough",
    change: edit("https-passthrough-nlb", /^ {4}LB_IDLE_TIMEOUT_SECONDS.*$/m, ""),
  },
];
