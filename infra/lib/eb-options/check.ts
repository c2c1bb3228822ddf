import type { LoadBalancerKind, NamespaceRule, OptionKind, OptionRule } from "./kinds.ts";
import { optionTable } from "./table.ts";

/** What the environment is, as far as it decides which options fit. */
export interface EnvironmentShape {
  loadBalancer: LoadBalancerKind;
  /** Whether the load balancer is shared: made outside of Elastic Beanstalk. */
  shared: boolean;
}

/** One option setting, its value already text. */
export interface OptionSetting {
  namespace: string;
  optionName: string;
  value: string;
}

/** Says whether a value is known only at deployment; such a value is not checked. */
export type IsDeferred = (value: string) => boolean;

/**
 * Finds the rule of a namespace: its own, or that of the family it belongs to.
 *
 * @returns `undefined` when there is no such namespace.
 */
export function findNamespace(namespace: string): NamespaceRule | undefined {
  const rules: Readonly<Record<string, NamespaceRule>> = optionTable;
  if (Object.hasOwn(rules, namespace) && !namespace.includes("<")) return rules[namespace];
  const cut = namespace.lastIndexOf(":");
  const [family, last] = [namespace.slice(0, cut), namespace.slice(cut + 1)];
  if (/^\d{1,5}$/.test(last) && Object.hasOwn(rules, `${family}:<port>`)) return rules[`${family}:<port>`];
  return /^[A-Za-z0-9_-]+$/.test(last) ? rules[`${family}:<name>`] : undefined;
}

/**
 * Says what is wrong with one option setting, with the values that would be right.
 *
 * @returns `undefined` when nothing is.
 */
export function checkSetting(
  setting: OptionSetting,
  shape: EnvironmentShape,
  isDeferred: IsDeferred = () => false,
): string | undefined {
  const { namespace, optionName, value } = setting;
  const rules = findNamespace(namespace);
  if (rules === undefined) {
    return `unknown namespace "${namespace}", allowed: ${Object.keys(optionTable).join(", ")}`;
  }
  const misfit = misplaced(`namespace "${namespace}"`, rules, shape);
  if (misfit !== undefined) return misfit;

  const rule = optionRule(rules, optionName);
  if (rule === undefined) {
    return `unknown option "${optionName}" in ${namespace}, allowed: ${optionNames(rules).join(", ")}`;
  }
  const name = `${namespace} ${optionName}`;
  if (rule.obsolete !== undefined) return `${name} is obsolete, use ${rule.obsolete}`;
  const problem = misplaced(name, rule, shape);
  if (problem !== undefined || isDeferred(value)) return problem;
  const kind = rule.byBalancer?.[shape.loadBalancer] ?? rule.kind;
  const allowed = mismatch(kind, value);
  return allowed === undefined ? undefined : `${name} must be ${allowed}, got "${value}"`;
}

function optionRule(rules: NamespaceRule, optionName: string): OptionRule | undefined {
  if (Object.hasOwn(rules.options, optionName)) return rules.options[optionName];
  return rules.anyOption?.name.test(optionName) ? { kind: rules.anyOption.kind } : undefined;
}

function optionNames(rules: NamespaceRule): string[] {
  const named = Object.keys(rules.options);
  return rules.anyOption === undefined ? named : [...named, `names such as ${rules.anyOption.name.source}`];
}

function misplaced(
  what: string,
  rule: Pick<OptionRule, "balancers" | "shared">,
  shape: EnvironmentShape,
): string | undefined {
  if (rule.balancers !== undefined && !rule.balancers.includes(shape.loadBalancer)) {
    return `${what} does not fit load balancer "${shape.loadBalancer}", allowed with: ${rule.balancers.join(", ")}`;
  }
  if (rule.shared === "never" && shape.shared)
    return `${what} does not fit a shared load balancer: set it where the load balancer is made`;
  if (rule.shared === "only" && !shape.shared) return `${what} fits a shared load balancer only`;
  return undefined;
}

/** Says what a value must be, or `undefined` when it is. */
function mismatch(kind: OptionKind, value: string): string | undefined {
  switch (kind.type) {
    case "boolean":
      return value === "true" || value === "false" ? undefined : '"true" or "false"';
    case "choice":
      return kind.values.includes(value) ? undefined : `one of ${kind.values.join(", ")}`;
    case "integer":
      return /^-?\d+$/.test(value) && Number(value) >= kind.min && Number(value) <= kind.max
        ? undefined
        : `a whole number from ${kind.min} to ${kind.max}`;
    case "list":
      return listMismatch(kind, value);
    case "text":
      return textMismatch(kind, value);
    case "json":
      return isJson(value) ? undefined : "a JSON document";
  }
}

function textMismatch(kind: Extract<OptionKind, { type: "text" }>, value: string): string | undefined {
  return value !== "" && (kind.pattern?.test(value) ?? true)
    ? undefined
    : (kind.form ?? "text that is not empty");
}

function listMismatch(kind: Extract<OptionKind, { type: "list" }>, value: string): string | undefined {
  const entries = value.split(",").map((entry) => entry.trim());
  if (entries.includes("")) return "a list with commas between its entries and none empty";
  if (kind.max !== undefined && entries.length > kind.max) return `a list of at most ${kind.max} entries`;
  const allowed = kind.values;
  if (allowed !== undefined && entries.some((entry) => !allowed.includes(entry))) {
    return `a list of ${allowed.join(", ")}`;
  }
  return undefined;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
