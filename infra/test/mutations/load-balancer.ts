import { production, sandbox } from "../support/assemblies.ts";
import { drop, edit, type Mutation, option, set, setWithin } from "../support/mutation.ts";

const classic = { ...sandbox, topology: "clb-backend-auth" } as const;
const network = { ...sandbox, topology: "nlb-passthrough" } as const;
const LISTENER = "AWS::ElasticLoadBalancingV2::Listener";
const PROCESS = "aws:elasticbeanstalk:environment:process:default";

function attribute(key: string, value: string) {
  return edit("AWS::ElasticLoadBalancingV2::LoadBalancer", (properties) => {
    const attributes = properties.LoadBalancerAttributes as { Key: string; Value: string }[];
    const found = attributes.find(({ Key }) => Key === key);
    if (found === undefined) throw new Error(`no attribute ${key}`);
    found.Value = value;
  });
}

/** Load balancers made wrong. */
export const loadBalancerMutations: readonly Mutation[] = [
  {
    property: "alb/https-only",
    name: "a listener on port 80",
    change: (assembly) => {
      assembly.resources.push({
        id: "Http",
        type: LISTENER,
        properties: { Protocol: "HTTP", Port: 80 },
        attributes: {},
      });
    },
  },
  {
    property: "alb/post-quantum",
    name: "the policy that AWS takes by default",
    change: set(LISTENER, "SslPolicy", "ELBSecurityPolicy-2016-08"),
  },
  {
    property: "alb/post-quantum",
    name: "a policy with TLS 1.0",
    change: set(LISTENER, "SslPolicy", "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09"),
  },
  {
    property: "alb/unknown-hosts-refused",
    name: "a default action that forwards",
    change: set(LISTENER, "DefaultActions", [{ Type: "forward" }]),
  },
  {
    property: "alb/unknown-hosts-refused",
    name: "a rule for every host",
    change: option("aws:elbv2:listenerrule:app", "HostHeaders", "*"),
  },
  {
    property: "alb/invalid-headers",
    name: "invalid headers passed on",
    change: attribute("routing.http.drop_invalid_header_fields.enabled", "false"),
  },
  {
    property: "alb/desync",
    name: "the desync mode of AWS's default",
    change: attribute("routing.http.desync_mitigation_mode", "monitor"),
  },
  {
    property: "alb/access-logs",
    name: "no access log",
    change: attribute("access_logs.s3.enabled", "false"),
  },
  {
    property: "alb/connection-logs",
    name: "no connection log",
    change: attribute("connection_logs.s3.enabled", "false"),
  },
  {
    property: "alb/deletion-protected",
    name: "no deletion protection",
    of: production,
    change: attribute("deletion_protection.enabled", "false"),
  },
  {
    property: "alb/web-acl",
    name: "no web ACL",
    of: production,
    change: drop("AWS::WAFv2::WebACLAssociation"),
  },
  {
    property: "alb/web-acl",
    name: "a rule group missing",
    of: production,
    change: edit("AWS::WAFv2::WebACL", ({ Rules }) => void (Rules as unknown[]).pop()),
  },
  {
    property: "alb/web-acl",
    name: "a rule group that counts and lets everything through",
    of: production,
    change: setWithin("AWS::WAFv2::WebACL", ["Rules", 2, "OverrideAction"], { Count: {} }),
  },
  {
    property: "alb/web-acl",
    name: "notes above 8 KB blocked, which the app takes",
    of: production,
    change: setWithin(
      "AWS::WAFv2::WebACL",
      ["Rules", 2, "Statement", "ManagedRuleGroupStatement", "RuleActionOverrides"],
      undefined,
    ),
  },
  {
    property: "alb/web-acl",
    name: "cookies in the log",
    of: production,
    change: set("AWS::WAFv2::LoggingConfiguration", "RedactedFields", []),
  },
  {
    property: "alb/lent-to-environment",
    name: "a load balancer that Elastic Beanstalk makes",
    change: option("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "false"),
  },
  {
    property: "alb/lent-to-environment",
    name: "somebody else's load balancer",
    change: option(
      "aws:elbv2:loadbalancer",
      "SharedLoadBalancer",
      "arn:aws:elasticloadbalancing:eu-west-1:444455556666:loadbalancer/app/a/1",
    ),
  },

  { property: "hop2/https", name: "plain HTTP to the app", change: option(PROCESS, "Protocol", "HTTP") },
  { property: "hop2/https", name: "port 80 of the app", change: option(PROCESS, "Port", "80") },
  {
    property: "hop2/https",
    name: "a health check that always succeeds",
    change: option(PROCESS, "HealthCheckPath", "/livez"),
  },

  {
    property: "clb/https-both-sides",
    name: "plain HTTP to the app",
    of: classic,
    change: option("aws:elb:listener:443", "InstanceProtocol", "HTTP"),
  },
  {
    property: "clb/https-both-sides",
    name: "the listener on port 80",
    of: classic,
    change: option("aws:elb:listener", "ListenerEnabled", "true"),
  },
  {
    property: "clb/https-both-sides",
    name: "an old TLS policy",
    of: classic,
    change: option("aws:elb:policies:tls", "SSLReferencePolicy", "ELBSecurityPolicy-2016-08"),
  },
  {
    property: "clb/backend-pinned",
    name: "no pinned key",
    of: classic,
    change: option("aws:elb:policies:backendauth", "PublicKeyPolicyNames", undefined),
  },
  {
    property: "clb/backend-pinned",
    name: "the pin on a port that is not the app's",
    of: classic,
    change: option("aws:elb:policies:backendauth", "InstancePorts", "8443"),
  },
  {
    property: "clb/backend-pinned",
    name: "a key from somewhere else",
    of: classic,
    change: option("aws:elb:policies:backendkey1", "PublicKey", "MIIB"),
  },
  {
    property: "clb/two-zones",
    name: "each zone by itself",
    of: classic,
    change: option("aws:elb:loadbalancer", "CrossZone", "false"),
  },
  {
    property: "clb/two-zones",
    name: "open requests cut",
    of: classic,
    change: option("aws:elb:policies", "ConnectionDrainingEnabled", "false"),
  },
  {
    property: "nlb/passes-tls-through",
    name: "TLS ended at the load balancer",
    of: network,
    change: option("aws:elbv2:listener:443", "Protocol", "TLS"),
  },
  {
    property: "nlb/passes-tls-through",
    name: "the listener on port 80",
    of: network,
    change: option("aws:elbv2:listener:default", "ListenerEnabled", "true"),
  },
  {
    property: "certificate/validated",
    name: "a certificate validated by mail",
    of: production,
    change: set("AWS::CertificateManager::Certificate", "ValidationMethod", "EMAIL"),
  },
  {
    property: "certificate/validated",
    name: "another zone",
    of: production,
    change: setWithin(
      "AWS::CertificateManager::Certificate",
      ["DomainValidationOptions", 0, "HostedZoneId"],
      "ZOTHER",
    ),
  },
];
