import { sandbox } from "../support/assemblies.ts";
import { add, drop, edit, type Mutation, option, set } from "../support/mutation.ts";

const redirecting = { ...sandbox, httpRedirect: true } as const;
const LISTENER = "AWS::ElasticLoadBalancingV2::Listener";

function onPort80(change: Record<string, unknown>) {
  return edit(LISTENER, (properties) => void (properties.Port === 80 && Object.assign(properties, change)));
}

/** The redirect of port 80 made wrong. */
export const redirectMutations: readonly Mutation[] = [
  {
    property: "alb/https-only",
    name: "a page on port 80 in place of the redirect",
    of: redirecting,
    change: onPort80({ DefaultActions: [{ Type: "fixed-response" }] }),
  },
  {
    property: "alb/redirect-only",
    name: "a redirect that stays on plain HTTP",
    of: redirecting,
    change: onPort80({
      DefaultActions: [{ Type: "redirect", RedirectConfig: { Protocol: "HTTP", Port: "443" } }],
    }),
  },
  {
    property: "alb/redirect-only",
    name: "a rule that forwards before the redirect",
    of: redirecting,
    change: add("AWS::ElasticLoadBalancingV2::ListenerRule", "Rule", { Actions: [{ Type: "forward" }] }),
  },
  {
    property: "alb/redirect-only",
    name: "the environment's rule on port 80",
    of: redirecting,
    change: option("aws:elbv2:listener:80", "Rules", "app"),
  },
  {
    property: "alb/redirect-only",
    name: "no rule before the one that Elastic Beanstalk adds",
    of: redirecting,
    change: drop("AWS::ElasticLoadBalancingV2::ListenerRule"),
  },
  {
    property: "alb/redirect-only",
    name: "a redirect that Elastic Beanstalk's rule can come before",
    of: redirecting,
    change: set("AWS::ElasticLoadBalancingV2::ListenerRule", "Priority", 50),
  },
];
