import type { Template } from "../deployment/assembly.ts";

/**
 * Returns the logical id of the log group of the function behind a custom resource; `undefined` where there is none.
 *
 * The custom resource names the provider's function, that one names ours in its environment, and ours its log group.
 */
export function functionLogGroup({ Resources }: Template, customResourceId: string): string | undefined {
  const provider = attributeOwner(Resources[customResourceId]?.Properties?.ServiceToken);
  const environment = propertyOf(Resources, provider, "Environment") as
    | { Variables?: Record<string, unknown> }
    | undefined;
  const ours = attributeOwner(environment?.Variables?.USER_ON_EVENT_FUNCTION_ARN) ?? provider;
  const logging = propertyOf(Resources, ours, "LoggingConfig") as { LogGroup?: { Ref?: string } } | undefined;
  return logging?.LogGroup?.Ref;
}

function propertyOf(resources: Template["Resources"], id: string | undefined, name: string): unknown {
  return id === undefined ? undefined : resources[id]?.Properties?.[name];
}

function attributeOwner(value: unknown): string | undefined {
  return (value as { "Fn::GetAtt"?: [string, string] } | undefined)?.["Fn::GetAtt"]?.[0];
}
