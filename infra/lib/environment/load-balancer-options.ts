import type { OptionSettings } from "../eb-options/index.ts";
import type { Timeouts } from "../timeouts.ts";
import type { OptionContext } from "./common-options.ts";

/** Path that says whether an instance may get requests. */
const HEALTH_PATH = "/readyz";

/**
 * The newest policy that a classic load balancer has.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
 */
const CLASSIC_TLS_POLICY = "ELBSecurityPolicy-TLS-1-2-2017-01";

/** What stands before the instances; values may be tokens. */
export interface LoadBalancerContext extends OptionContext {
  times: Timeouts;
  hosts: readonly string[];
  /** Of the load balancer that is lent to the environment. */
  sharedLoadBalancerArn: string | undefined;
  certificateArn: string | undefined;
  /** Public keys to pin, by number. */
  publicKeys: ReadonlyMap<number, string>;
}

/** Sets the options of the load balancer that the topology has; none for a single instance. */
export function loadBalancerOptions(options: OptionSettings, context: LoadBalancerContext): void {
  switch (context.facts.loadBalancer) {
    case "application":
      applicationOptions(options, context);
      break;
    case "network":
      networkOptions(options, context);
      break;
    case "classic":
      classicOptions(options, context);
      break;
    case "none":
      break;
  }
}

function applicationOptions(options: OptionSettings, context: LoadBalancerContext): void {
  const { facts, times } = context;
  options
    .set("aws:elasticbeanstalk:environment", { LoadBalancerType: "application", LoadBalancerIsShared: true })
    .set("aws:elbv2:loadbalancer", {
      SharedLoadBalancer: context.sharedLoadBalancerArn ?? "",
      SecurityGroups: [context.loadBalancerGroupId],
    })
    .set("aws:elbv2:listener:443", { Rules: ["app"] })
    .set("aws:elbv2:listenerrule:app", { HostHeaders: context.hosts, Priority: 1, Process: "default" })
    .set("aws:elasticbeanstalk:environment:process:default", {
      Port: facts.processPort,
      Protocol: facts.processProtocol,
      HealthCheckPath: HEALTH_PATH,
      HealthCheckInterval: times.healthIntervalSeconds,
      HealthCheckTimeout: times.healthIntervalSeconds - 1,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: times.unhealthyAfterChecks,
      MatcherHTTPCode: "200",
      DeregistrationDelay: times.deregistrationSeconds,
    });
}

function networkOptions(options: OptionSettings, { facts, times }: LoadBalancerContext): void {
  options
    .set("aws:elasticbeanstalk:environment", { LoadBalancerType: "network" })
    .set("aws:elbv2:listener:default", { ListenerEnabled: false })
    .set("aws:elbv2:listener:443", { Protocol: "TCP", DefaultProcess: "default", ListenerEnabled: true })
    .set("aws:elasticbeanstalk:environment:process:default", {
      Port: facts.processPort,
      Protocol: "TCP",
      HealthCheckInterval: times.healthIntervalSeconds,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: times.unhealthyAfterChecks,
      DeregistrationDelay: times.deregistrationSeconds,
    });
}

function classicOptions(options: OptionSettings, context: LoadBalancerContext): void {
  const { facts, times, loadBalancerGroupId } = context;
  options
    .set("aws:elasticbeanstalk:environment", { LoadBalancerType: "classic" })
    .set("aws:elb:loadbalancer", {
      CrossZone: true,
      SecurityGroups: [loadBalancerGroupId],
      ManagedSecurityGroup: loadBalancerGroupId,
    })
    .set("aws:elb:listener", { ListenerEnabled: false })
    .set("aws:elb:listener:443", {
      ListenerProtocol: "HTTPS",
      InstanceProtocol: "HTTPS",
      InstancePort: facts.processPort,
      SSLCertificateId: context.certificateArn ?? "",
      ListenerEnabled: true,
    })
    .set("aws:elb:policies", {
      ConnectionDrainingEnabled: true,
      ConnectionDrainingTimeout: times.deregistrationSeconds,
      ConnectionSettingIdleTimeout: times.idleSeconds,
    })
    .set("aws:elb:policies:tls", { SSLReferencePolicy: CLASSIC_TLS_POLICY, LoadBalancerPorts: ["443"] })
    .set("aws:elasticbeanstalk:application", {
      "Application Healthcheck URL": `HTTPS:${facts.processPort}${HEALTH_PATH}`,
    })
    .set("aws:elb:healthcheck", {
      Interval: times.healthIntervalSeconds,
      Timeout: times.healthIntervalSeconds - 1,
      HealthyThreshold: 2,
      UnhealthyThreshold: times.unhealthyAfterChecks,
    });
  backendAuthentication(options, context);
}

/** The load balancer speaks to an instance only when that holds the private half of a pinned key. */
function backendAuthentication(options: OptionSettings, { facts, publicKeys }: LoadBalancerContext): void {
  for (const [number, publicKey] of publicKeys) {
    options.set(`aws:elb:policies:backendkey${number}`, { PublicKey: publicKey });
  }
  options.set("aws:elb:policies:backendauth", {
    PublicKeyPolicyNames: [...publicKeys.keys()].map((number) => `backendkey${number}`),
    InstancePorts: [String(facts.processPort)],
  });
}
