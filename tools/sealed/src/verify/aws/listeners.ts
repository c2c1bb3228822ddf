import {
  DescribeRulesCommand,
  type Listener,
  paginateDescribeListeners,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Check, judge } from "../check.ts";
import type { Deployed } from "./deployed.ts";

/**
 * What the stacks set: TLS 1.2 and 1.3, suites with forward secrecy, the post-quantum hybrid first.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** Judges every listener of an Application or Network Load Balancer: the one on 443, and any that should not be. */
export async function listenerChecks(deployed: Deployed): Promise<Check[]> {
  const listeners = await listenersOf(deployed);
  const main = listeners.find(({ Port }) => Port === 443);
  const others = listeners.filter((listener) => listener !== main);
  return [
    mainCheck(main, deployed),
    ...(deployed.facts.terminatesTls && main !== undefined ? [policyCheck(main)] : []),
    ...(await Promise.all(others.map((listener) => otherCheck(listener, deployed)))),
  ];
}

/** Returns the listeners of the deployment's load balancer. */
async function listenersOf({ services, loadBalancer }: Deployed): Promise<Listener[]> {
  const listeners: Listener[] = [];
  const pages = paginateDescribeListeners({ client: services.elbv2 }, { LoadBalancerArn: loadBalancer });
  for await (const { Listeners = [] } of pages) listeners.push(...Listeners);
  return listeners;
}

const HOP = { hop: "client-lb", mend: "npx turbo deploy sets it again; find out who changed it" } as const;

function mainCheck(listener: Listener | undefined, { facts }: Deployed): Check {
  const expected = `${facts.terminatesTls ? "HTTPS" : "TCP"} on 443`;
  const seen = listener === undefined ? "nothing listens on 443" : describe(listener);
  return judge(
    { ...HOP, id: "listener", title: "listener of the load balancer", expected },
    seen === expected,
    seen,
  );
}

function policyCheck({ SslPolicy = "none" }: Listener): Check {
  return judge(
    { ...HOP, id: "tls-policy", title: "TLS policy of the listener", expected: TLS_POLICY },
    SslPolicy === TLS_POLICY,
    SslPolicy,
  );
}

/** Port 80 may send clients on, where that was asked for; there is no other reason for another listener. */
async function otherCheck(listener: Listener, { services, deployment }: Deployed): Promise<Check> {
  const isWanted = listener.Port === 80 && deployment.config.httpRedirect;
  const { Rules = [] } = await services.elbv2.send(
    new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }),
  );
  const doesNothingElse = Rules.length > 0 && Rules.every(redirects);
  return judge(
    {
      ...HOP,
      id: "other-listener",
      title: "another listener",
      subject: describe(listener),
      expected: deployment.config.httpRedirect ? "a redirect to HTTPS on port 80, and no other" : "none",
    },
    isWanted && doesNothingElse,
    doesNothingElse ? "redirects to HTTPS" : "forwards requests",
  );
}

function redirects({ Actions = [] }: Rule): boolean {
  return Actions.every(
    ({ Type, RedirectConfig }) => Type === "redirect" && RedirectConfig?.Protocol === "HTTPS",
  );
}

function describe({ Protocol, Port }: Listener): string {
  return `${Protocol} on ${Port}`;
}
