import { isDeepStrictEqual } from "node:util";
import { topologies } from "../topologies.ts";
import { Assembly, at, list, type TemplateResource, target } from "./assembly.ts";
import type { Property } from "./property.ts";

const LISTENER = "AWS::ElasticLoadBalancingV2::Listener";
const RULE = "AWS::ElasticLoadBalancingV2::ListenerRule";

/** What holds of the listener that `httpRedirect` adds. */
export const redirectOnly: Property = {
  id: "alb/redirect-only",
  title: "with `httpRedirect`, port 80 sends every request on to HTTPS, whatever rule Elastic Beanstalk adds",
  appliesTo: (config) => topologies[config.topology].shared && config.httpRedirect,
  check: (assembly) => [
    ...(assembly.ofType(LISTENER).filter(isRedirect).length === 1 ? [] : ["not one redirect on port 80"]),
    ...(assembly.ofType(RULE).filter((rule) => isForEveryPath(assembly, rule)).length === 1
      ? []
      : ["no rule on port 80 that comes first and redirects every path"]),
    ...assembly
      .ofType(RULE)
      .filter((rule) => !isForEveryPath(assembly, rule))
      .map(({ id }) => `${id} is a rule beside the environment's own`),
    ...(assembly.options.some(({ namespace }) => namespace === "aws:elbv2:listener:80")
      ? ["the environment adds a rule to port 80"]
      : []),
  ],
};

/** Returns the assembly without the listener that only redirects, where the settings ask for it. */
export function serving(assembly: Assembly): Assembly {
  if (!assembly.config.httpRedirect) return assembly;
  const { config, resources, exported } = assembly;
  return new Assembly(
    config,
    resources.filter((resource) => resource.type !== LISTENER || !isRedirect(resource)),
    exported,
  );
}

function isRedirect({ properties }: TemplateResource): boolean {
  return properties.Port === 80 && toHttps(properties.DefaultActions);
}

function isForEveryPath(assembly: Assembly, { properties }: TemplateResource): boolean {
  const conditions = list(properties.Conditions);
  return (
    assembly
      .ofType(LISTENER)
      .some((listener) => isRedirect(listener) && target(properties.ListenerArn) === listener.id) &&
    properties.Priority === 1 &&
    conditions.length === 1 &&
    isDeepStrictEqual(at(conditions, 0, "PathPatternConfig", "Values"), ["/*"]) &&
    toHttps(properties.Actions)
  );
}

function toHttps(value: unknown): boolean {
  const actions = list(value);
  return (
    actions.length === 1 &&
    at(actions, 0, "RedirectConfig", "Protocol") === "HTTPS" &&
    at(actions, 0, "RedirectConfig", "Port") === "443"
  );
}
