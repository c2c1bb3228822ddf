import type { DeploymentConfig } from "../config.ts";
import type { Assembly, TemplateResource } from "./assembly.ts";

/** A statement about every deployment that a program checks. */
export interface Property {
  /** `topic/name`; controls and mutations refer to it. */
  readonly id: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /** Deployments it is about; absent: all. */
  readonly appliesTo?: (config: DeploymentConfig) => boolean;
  /** Says where it does not hold; nothing when it does. */
  readonly check: (assembly: Assembly) => string[];
}

/** What a property did not find as it should be. */
export interface Finding {
  property: string;
  message: string;
}

/** Checks every property that is about the deployment. */
export function findings(properties: readonly Property[], assembly: Assembly): Finding[] {
  return properties
    .filter(({ appliesTo }) => appliesTo?.(assembly.config) ?? true)
    .flatMap(({ id, check }) => check(assembly).map((message) => ({ property: id, message })));
}

/** Checks that there are resources of a type and that each is as it should be. */
export function every(
  assembly: Assembly,
  type: string,
  wanted: string,
  isRight: (resource: TemplateResource) => boolean,
): string[] {
  const resources = assembly.ofType(type);
  if (resources.length === 0) return [`${type}: none, wanted ${wanted}`];
  return resources.filter((resource) => !isRight(resource)).map(({ id }) => `${id}: not ${wanted}`);
}

/** Checks options of the environment; `undefined` stands for an option that must not be set. */
export function optionsAre(
  assembly: Assembly,
  namespace: string,
  wanted: Readonly<Record<string, string | RegExp | undefined>>,
): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const actual = assembly.option(namespace, name);
    const isRight = value instanceof RegExp ? value.test(String(actual)) : actual === value;
    return isRight ? [] : [`${namespace} ${name}: wanted ${String(value)}, got ${JSON.stringify(actual)}`];
  });
}

/** True in production. */
export const inProduction = (config: DeploymentConfig): boolean => config.presetName === "production";
