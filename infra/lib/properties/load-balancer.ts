import type { DeploymentConfig } from "../config.ts";
import { topologies } from "../topologies.ts";
import { type Assembly, at, list, type TemplateResource, target } from "./assembly.ts";
import { every, inProduction, optionsAre, type Property } from "./property.ts";
import { redirectOnly, serving } from "./redirect.ts";

const BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const LISTENER = "AWS::ElasticLoadBalancingV2::Listener";

/**
 * Policies that Security Hub's ELB.17 accepts and that also agree on keys against quantum computers.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-17
 */
const POST_QUANTUM_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
];

const isShared = ({ topology }: DeploymentConfig): boolean => topologies[topology].shared;
const isTopology =
  (wanted: string) =>
  (config: DeploymentConfig): boolean =>
    config.topology === wanted;

/** What holds of the load balancers. */
export const loadBalancerProperties: readonly Property[] = [
  {
    id: "alb/https-only",
    title:
      "the load balancer listens on 443 with TLS, and on nothing else but the redirect of `httpRedirect`",
    appliesTo: isShared,
    check: (assembly) =>
      every(
        serving(assembly),
        LISTENER,
        "HTTPS on 443 with a certificate",
        ({ properties }) =>
          properties.Protocol === "HTTPS" &&
          properties.Port === 443 &&
          list(properties.Certificates).length === 1,
      ),
  },
  redirectOnly,
  {
    id: "alb/post-quantum",
    title:
      "the load balancer takes TLS 1.2 and 1.3 with forward secrecy, and key exchange against quantum computers",
    appliesTo: isShared,
    check: (assembly) =>
      every(
        serving(assembly),
        LISTENER,
        `with one of ${POST_QUANTUM_POLICIES.join(", ")}`,
        ({ properties }) => POST_QUANTUM_POLICIES.includes(String(properties.SslPolicy)),
      ),
  },
  {
    id: "alb/unknown-hosts-refused",
    title: "requests for other hosts end at the load balancer",
    appliesTo: isShared,
    check: (assembly) => [
      ...every(
        serving(assembly),
        LISTENER,
        "answering 421 where no rule applies",
        ({ properties }) => at(properties.DefaultActions, 0, "FixedResponseConfig", "StatusCode") === "421",
      ),
      ...optionsAre(assembly, "aws:elbv2:listener:443", { Rules: "app" }),
      ...(assembly.option("aws:elbv2:listenerrule:app", "HostHeaders") === "*"
        ? ["the rule takes every host"]
        : []),
    ],
  },
  attribute(
    "alb/invalid-headers",
    "the load balancer drops invalid headers",
    "routing.http.drop_invalid_header_fields.enabled",
    "true",
  ),
  attribute(
    "alb/desync",
    "the load balancer mitigates request smuggling in its strictest mode",
    "routing.http.desync_mitigation_mode",
    "strictest",
  ),
  attribute("alb/access-logs", "the load balancer logs every request", "access_logs.s3.enabled", "true"),
  attribute(
    "alb/connection-logs",
    "the load balancer logs every handshake, refused ones too",
    "connection_logs.s3.enabled",
    "true",
  ),
  {
    ...attribute(
      "alb/deletion-protected",
      "in production the load balancer cannot be deleted by accident",
      "deletion_protection.enabled",
      "true",
    ),
    appliesTo: (config) => isShared(config) && inProduction(config),
  },
  {
    id: "alb/lent-to-environment",
    title: "the environment uses the load balancer made here, in its group",
    appliesTo: isShared,
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elasticbeanstalk:environment", {
        LoadBalancerType: "application",
        LoadBalancerIsShared: "true",
      }),
      ...(target(assembly.option("aws:elbv2:loadbalancer", "SharedLoadBalancer")) ===
      assembly.ofType(BALANCER)[0]?.id
        ? []
        : ["the environment has another load balancer"]),
    ],
  },
  {
    id: "hop2/https",
    title: "the load balancer speaks HTTPS to the app on 443, and checks its health the same way",
    appliesTo: isTopology("alb-reencrypt"),
    check: (assembly) =>
      optionsAre(assembly, "aws:elasticbeanstalk:environment:process:default", {
        Protocol: "HTTPS",
        Port: "443",
        HealthCheckPath: "/readyz",
        MatcherHTTPCode: "200",
      }),
  },
  {
    id: "clb/https-both-sides",
    title: "the classic load balancer speaks HTTPS on both sides, on port 443 only, with TLS 1.2",
    appliesTo: isTopology("clb-backend-auth"),
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elb:listener", { ListenerEnabled: "false" }),
      ...optionsAre(assembly, "aws:elb:listener:443", {
        ListenerProtocol: "HTTPS",
        InstanceProtocol: "HTTPS",
        InstancePort: "443",
      }),
      ...optionsAre(assembly, "aws:elb:policies:tls", {
        SSLReferencePolicy: "ELBSecurityPolicy-TLS-1-2-2017-01",
        LoadBalancerPorts: "443",
      }),
      ...optionsAre(assembly, "aws:elasticbeanstalk:application", {
        "Application Healthcheck URL": "HTTPS:443/readyz",
      }),
    ],
  },
  {
    id: "clb/backend-pinned",
    title:
      "the classic load balancer sends to instances only that prove a pinned key, which the deployment made",
    appliesTo: isTopology("clb-backend-auth"),
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elb:policies:backendauth", {
        InstancePorts: "443",
        PublicKeyPolicyNames: /^backendkey\d+(,backendkey\d+)?$/,
      }),
      ...assembly.options
        .filter(({ name }) => name === "PublicKey")
        .filter(({ value }) => target(value)?.includes("BackendKeyPair") !== true)
        .map(({ namespace }) => `${namespace}: not the public key of a pair made here`),
    ],
  },
  {
    id: "clb/two-zones",
    title: "the classic load balancer spreads requests over both zones and lets open ones finish",
    appliesTo: isTopology("clb-backend-auth"),
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elb:loadbalancer", { CrossZone: "true" }),
      ...optionsAre(assembly, "aws:elb:policies", { ConnectionDrainingEnabled: "true" }),
    ],
  },
  {
    id: "nlb/passes-tls-through",
    title: "the network load balancer passes TCP 443 on as it is, and listens on nothing else",
    appliesTo: isTopology("nlb-passthrough"),
    check: (assembly) => [
      ...optionsAre(assembly, "aws:elasticbeanstalk:environment", { LoadBalancerType: "network" }),
      ...optionsAre(assembly, "aws:elbv2:listener:default", { ListenerEnabled: "false" }),
      ...optionsAre(assembly, "aws:elbv2:listener:443", { Protocol: "TCP", DefaultProcess: "default" }),
      ...optionsAre(assembly, "aws:elasticbeanstalk:environment:process:default", {
        Protocol: "TCP",
        Port: "443",
      }),
    ],
  },
  {
    id: "certificate/validated",
    title: "with a domain, the certificate is public and validated in the domain's zone",
    appliesTo: ({ domain, topology }) => domain !== undefined && topologies[topology].terminatesTls,
    check: (assembly) =>
      every(
        assembly,
        "AWS::CertificateManager::Certificate",
        "validated by DNS",
        ({ properties }) =>
          properties.ValidationMethod === "DNS" &&
          at(properties.DomainValidationOptions, 0, "HostedZoneId") === assembly.config.domain?.hostedZoneId,
      ),
  },
];

/** A property of one attribute of the load balancer. */
function attribute(id: string, title: string, key: string, value: string): Property {
  const isSet = ({ properties }: TemplateResource) =>
    list(properties.LoadBalancerAttributes).some(
      (entry) => at(entry, "Key") === key && at(entry, "Value") === value,
    );
  return {
    id,
    title,
    appliesTo: isShared,
    check: (assembly: Assembly) => every(assembly, BALANCER, `with ${key} ${value}`, isSet),
  };
}
