import { checkSetting, type EnvironmentShape, type IsDeferred, type OptionSetting } from "./check.ts";

/**
 * Checks a whole set of option settings, each by itself and all against each other.
 *
 * @returns One sentence for each problem, none when the set is right.
 */
export function checkSettings(
  settings: readonly OptionSetting[],
  shape: EnvironmentShape,
  isDeferred: IsDeferred = () => false,
): string[] {
  const problems = settings.flatMap((setting) => checkSetting(setting, shape, isDeferred) ?? []);
  problems.push(...duplicates(settings));
  problems.push(
    ...danglingNames(settings, "aws:elasticbeanstalk:environment:process:", ["DefaultProcess", "Process"]),
  );
  problems.push(...danglingNames(settings, "aws:elbv2:listenerrule:", ["Rules"]));
  problems.push(...danglingNames(settings, "aws:elb:policies:", ["PublicKeyPolicyNames", "PolicyNames"]));
  problems.push(...policiesWithoutListener(settings));
  return problems;
}

function duplicates(settings: readonly OptionSetting[]): string[] {
  const seen = new Set<string>();
  return settings.flatMap(({ namespace, optionName }) => {
    const key = `${namespace} ${optionName}`;
    if (seen.has(key)) return [`${key} is set twice`];
    seen.add(key);
    return [];
  });
}

/** Names that an option mentions without a namespace of that name. */
function danglingNames(
  settings: readonly OptionSetting[],
  family: string,
  options: readonly string[],
): string[] {
  const known = new Set(["default"]);
  for (const { namespace } of settings) {
    if (namespace.startsWith(family)) known.add(namespace.slice(family.length));
  }
  return settings
    .filter(({ optionName }) => options.includes(optionName))
    .flatMap(({ namespace, optionName, value }) =>
      names(value)
        .filter((name) => !known.has(name))
        .map((name) => `${namespace} ${optionName} names "${name}", known: ${[...known].join(", ")}`),
    );
}

/** Backend policies on a port to which no listener of the classic load balancer sends anything. */
function policiesWithoutListener(settings: readonly OptionSetting[]): string[] {
  const ports = settings
    .filter((s) => s.namespace.startsWith("aws:elb:listener") && s.optionName === "InstancePort")
    .map((s) => s.value);
  if (ports.length === 0) return [];
  return settings
    .filter((s) => s.namespace.startsWith("aws:elb:policies:") && s.optionName === "InstancePorts")
    .flatMap(({ namespace, value }) =>
      names(value)
        .filter((port) => port !== ":all" && !ports.includes(port))
        .map((port) => `${namespace} InstancePorts names port ${port}, listeners use: ${ports.join(", ")}`),
    );
}

function names(value: string): string[] {
  return value.split(",").map((name) => name.trim());
}
