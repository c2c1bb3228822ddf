import { type CfnResource, isRecord } from "./config-file.ts";
import { type ConfigSet, resourcesOf } from "./config-set.ts";

/** A CloudFormation template. */
export interface Template {
  AWSTemplateFormatVersion: string;
  Parameters: Record<string, object>;
  Resources: Record<string, CfnResource>;
}

/**
 * Returns the template that the files would make of what Beanstalk creates: a property of a file replaces the one
 * of the same name, and `Fn::GetOptionSetting`, which Beanstalk resolves itself, becomes a parameter.
 */
export function mergedTemplate(set: ConfigSet): Template {
  const resources: Record<string, CfnResource> = structuredClone({ ...set.skeleton });
  for (const { id, resource } of resourcesOf(set)) {
    const { Properties: properties, ...attributes } = resource;
    const base = resources[id];
    resources[id] = {
      ...base,
      ...attributes,
      ...(properties && { Properties: { ...base?.Properties, ...properties } }),
    };
  }
  const parameters: Record<string, object> = {};
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: resolveOptions(resources, parameters) as Record<string, CfnResource>,
    Parameters: parameters,
  };
}

function resolveOptions(value: unknown, parameters: Record<string, object>): unknown {
  if (Array.isArray(value)) return value.map((entry) => resolveOptions(entry, parameters));
  if (!isRecord(value)) return value;
  const option = value["Fn::GetOptionSetting"];
  if (isRecord(option)) {
    const name = `${option.Namespace}${option.OptionName}`.replace(/[^A-Za-z0-9]/g, "");
    parameters[name] = { Type: "String" };
    return { Ref: name };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, resolveOptions(entry, parameters)]),
  );
}
