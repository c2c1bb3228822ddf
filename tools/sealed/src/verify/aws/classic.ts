import {
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  type LoadBalancerDescription,
  type PolicyDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import { answer, type Check, judge } from "../check.ts";
import type { Deployed } from "./deployed.ts";

/**
 * The newest predefined policy.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
 */
const TLS_POLICY = "ELBSecurityPolicy-TLS-1-2-2017-01";
const HEALTH_TARGET = "HTTPS:443/readyz";
const MEND = "npx turbo deploy sets it again; find out who changed it";

/** Judges a Classic Load Balancer: listener, TLS policy, the pinned key, the health of the instances. */
export async function classicChecks(deployed: Deployed): Promise<Check[]> {
  const { services, loadBalancer = "" } = deployed;
  const { LoadBalancerDescriptions = [] } = await services.classic.send(
    new DescribeLoadBalancersCommand({ LoadBalancerNames: [loadBalancer] }),
  );
  const [found] = LoadBalancerDescriptions;
  if (found === undefined) return [absent(loadBalancer)];
  const { PolicyDescriptions: policies = [] } = await services.classic.send(
    new DescribeLoadBalancerPoliciesCommand({ LoadBalancerName: loadBalancer }),
  );
  return [
    listenerCheck(found),
    policyCheck(found, policies),
    backendCheck(found, policies, deployed),
    healthCheck(found),
    await instancesCheck(deployed),
  ];
}

function absent(loadBalancer: string): Check {
  return answer(
    { hop: "client-lb", id: "listener", title: "listener of the load balancer", expected: "HTTPS on 443" },
    "failed",
    `there is no load balancer ${loadBalancer}`,
  );
}

function listenerCheck({ ListenerDescriptions = [] }: LoadBalancerDescription): Check {
  const expected = "HTTPS on 443 to HTTPS on 443";
  const seen = ListenerDescriptions.map(
    ({ Listener: one }) =>
      `${one?.Protocol} on ${one?.LoadBalancerPort} to ${one?.InstanceProtocol} on ${one?.InstancePort}`,
  ).join(", ");
  return judge(
    { hop: "client-lb", id: "listener", title: "listeners of the load balancer", expected, mend: MEND },
    seen === expected,
    seen === "" ? "none" : seen,
  );
}

/** A policy that was made from a predefined one carries its name as an attribute. */
function policyCheck(
  { ListenerDescriptions = [] }: LoadBalancerDescription,
  policies: readonly PolicyDescription[],
): Check {
  const names = ListenerDescriptions.flatMap(({ PolicyNames = [] }) => PolicyNames);
  const references = policies
    .filter(({ PolicyName = "" }) => names.includes(PolicyName))
    .flatMap((policy) => valuesOf(policy, "Reference-Security-Policy"));
  const seen = references.join(", ");
  return judge(
    {
      hop: "client-lb",
      id: "tls-policy",
      title: "TLS policy of the listener",
      expected: TLS_POLICY,
      mend: MEND,
    },
    seen === TLS_POLICY,
    seen === "" ? "none, or one of its own" : seen,
  );
}

function backendCheck(
  { BackendServerDescriptions = [] }: LoadBalancerDescription,
  policies: readonly PolicyDescription[],
  { deployment, facts }: Deployed,
): Check {
  const { trusted } = deployment.config.backendKeys;
  const attached = BackendServerDescriptions.filter(({ InstancePort }) => InstancePort === facts.processPort)
    .flatMap(({ PolicyNames = [] }) => PolicyNames)
    .flatMap((name) => policies.find(({ PolicyName }) => PolicyName === name) ?? []);
  // Only policies of the type BackendServerAuthenticationPolicyType name keys.
  const keys = attached.flatMap((policy) => valuesOf(policy, "PublicKeyPolicyName"));
  const count = (number: number) => `${number} pinned ${number === 1 ? "key" : "keys"}`;
  return judge(
    {
      hop: "lb-app",
      id: "backend-authentication",
      title: `who checks the app's key on port ${facts.processPort}`,
      expected: `the load balancer, against ${count(trusted.length)}`,
      mend: "npx sealed backend-auth shows the policies; npx turbo deploy sets them again",
    },
    keys.length === trusted.length && keys.length > 0,
    keys.length === 0 ? "nobody: no policy is attached" : `the load balancer, against ${count(keys.length)}`,
  );
}

function valuesOf({ PolicyAttributeDescriptions = [] }: PolicyDescription, name: string): string[] {
  return PolicyAttributeDescriptions.filter(({ AttributeName }) => AttributeName === name).flatMap(
    ({ AttributeValue }) => AttributeValue ?? [],
  );
}

function healthCheck({ HealthCheck }: LoadBalancerDescription): Check {
  const seen = HealthCheck?.Target ?? "none";
  return judge(
    {
      hop: "lb-app",
      id: "health-check",
      title: "health check of the load balancer",
      expected: HEALTH_TARGET,
      mend: MEND,
    },
    seen === HEALTH_TARGET,
    seen,
  );
}

async function instancesCheck({ services, loadBalancer }: Deployed): Promise<Check> {
  const { InstanceStates = [] } = await services.classic.send(
    new DescribeInstanceHealthCommand({ LoadBalancerName: loadBalancer }),
  );
  return judge(
    {
      hop: "lb-app",
      id: "targets",
      title: "health of the instances",
      expected: "every instance in service",
      mend: "npx sealed status names the causes; a key that is not pinned keeps an instance out too",
    },
    InstanceStates.length > 0 && InstanceStates.every(({ State }) => State === "InService"),
    InstanceStates.map(({ InstanceId, State }) => `${InstanceId} ${State}`).join(", ") || "no instance",
  );
}
