import type { DeploymentConfig } from "../config.ts";

/** One resource of a template. */
export interface TemplateResource {
  /** Logical id. */
  id: string;
  type: string;
  properties: Record<string, unknown>;
  /** Attributes beside the properties, such as `DeletionPolicy`. */
  attributes: Record<string, unknown>;
}

/** What CloudFormation reads, as far as it is needed here. */
export interface Template {
  Resources: Record<
    string,
    { Type: string; Properties?: Record<string, unknown>; [attribute: string]: unknown }
  >;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

/** The templates of one deployment as one set of resources, references between stacks resolved. */
export class Assembly {
  readonly config: DeploymentConfig;
  readonly resources: TemplateResource[];
  /** Names of what one stack exports for another, sorted. */
  readonly exported: readonly string[];

  constructor(config: DeploymentConfig, resources: TemplateResource[], exported: readonly string[]) {
    this.config = config;
    this.resources = resources;
    this.exported = exported;
  }

  /** Reads templates, in any order. */
  static of(config: DeploymentConfig, templates: readonly Template[]): Assembly {
    const exported = new Map<unknown, unknown>();
    for (const { Outputs = {} } of templates) {
      for (const { Export, Value } of Object.values(Outputs)) {
        if (Export !== undefined) exported.set(Export.Name, Value);
      }
    }
    const resources = templates.flatMap(({ Resources }) =>
      Object.entries(Resources).map(([id, { Type, Properties = {}, ...attributes }]) => ({
        id,
        type: Type,
        properties: resolved(Properties, exported) as Record<string, unknown>,
        attributes,
      })),
    );
    return new Assembly(config, resources, [...exported.keys()].map(String).sort());
  }

  /** Resources of a type. */
  ofType(type: string): TemplateResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** All option settings of the environment. */
  get options(): { namespace: string; name: string; value: unknown }[] {
    const [environment] = this.ofType("AWS::ElasticBeanstalk::Environment");
    return list(environment?.properties.OptionSettings).map((setting) => ({
      namespace: String(at(setting, "Namespace")),
      name: String(at(setting, "OptionName")),
      value: at(setting, "Value"),
    }));
  }

  /** Value of an option; `undefined` when it is not set. */
  option(namespace: string, name: string): unknown {
    return this.options.find((setting) => setting.namespace === namespace && setting.name === name)?.value;
  }
}

/** Returns what lies at a path of a JSON value; `undefined` when it leads nowhere. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

/** Returns the entries of a JSON list; one value counts as a list of one, nothing as an empty one. */
export function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns the logical id that a `Ref` or `Fn::GetAtt` points to. */
export function target(value: unknown): string | undefined {
  const id = at(value, "Ref") ?? at(value, "Fn::GetAtt", 0);
  return typeof id === "string" ? id : undefined;
}

function resolved(value: unknown, exported: ReadonlyMap<unknown, unknown>): unknown {
  if (Array.isArray(value)) return value.map((entry) => resolved(entry, exported));
  if (typeof value !== "object" || value === null) return value;
  const imported = at(value, "Fn::ImportValue");
  if (imported !== undefined && exported.has(imported)) return exported.get(imported);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolved(entry, exported)]));
}
