import type { DeploymentSettings } from "../../lib/config.ts";
import type { Assembly, TemplateResource } from "../../lib/properties/assembly.ts";

/** A deployment made wrong on purpose, and the property that must notice. */
export interface Mutation {
  property: string;
  /** What was done, as a clause: "with ...". */
  name: string;
  /** Default: the sandbox with alb-reencrypt. */
  of?: DeploymentSettings;
  change: (assembly: Assembly) => void;
}

/** Changes resources of a type: all of them, or those whose logical id matches. */
export function edit(
  type: string,
  change: (properties: Record<string, unknown>, resource: TemplateResource) => void,
  id = /./,
): (assembly: Assembly) => void {
  return (assembly) => {
    const found = assembly.ofType(type).filter((resource) => id.test(resource.id));
    if (found.length === 0) throw new Error(`nothing to change: no ${type} with ${String(id)}`);
    for (const resource of found) change(resource.properties, resource);
  };
}

/** Sets one property of resources of a type. */
export function set(type: string, name: string, value: unknown, id?: RegExp): (assembly: Assembly) => void {
  return edit(
    type,
    (properties) => {
      if (properties[name] === value) throw new Error(`${type} ${name} is ${String(value)} already`);
      properties[name] = value;
    },
    id,
  );
}

/** Sets a value within a property, which must be there. */
export function setWithin(
  type: string,
  path: readonly (string | number)[],
  value: unknown,
  id?: RegExp,
): (assembly: Assembly) => void {
  return edit(
    type,
    (properties) => {
      const parent = path
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>(
          (found, step) => found[step] as Record<string | number, unknown>,
          properties,
        );
      parent[path.at(-1) as string] = value;
    },
    id,
  );
}

/** Takes resources out. */
export function drop(type: string, id = /./): (assembly: Assembly) => void {
  return (assembly) => {
    const kept = assembly.resources.filter((resource) => !(resource.type === type && id.test(resource.id)));
    if (kept.length === assembly.resources.length)
      throw new Error(`nothing to drop: no ${type} with ${String(id)}`);
    assembly.resources.splice(0, assembly.resources.length, ...kept);
  };
}

/** Puts a resource in. */
export function add(
  type: string,
  id: string,
  properties: Record<string, unknown>,
): (assembly: Assembly) => void {
  return (assembly) => {
    assembly.resources.push({ id, type, properties, attributes: {} });
  };
}

/** Sets an option of the environment; `undefined` takes it out. */
export function option(
  namespace: string,
  name: string,
  value: string | undefined,
): (assembly: Assembly) => void {
  return edit("AWS::ElasticBeanstalk::Environment", (properties) => {
    const settings = properties.OptionSettings as Record<string, unknown>[];
    const others = settings.filter(
      (setting) => setting.Namespace !== namespace || setting.OptionName !== name,
    );
    properties.OptionSettings =
      value === undefined ? others : [...others, { Namespace: namespace, OptionName: name, Value: value }];
  });
}

/** Admits a source to one of the security groups. */
export function admit(group: RegExp, rule: Record<string, unknown>): (assembly: Assembly) => void {
  return edit(
    "AWS::EC2::SecurityGroup",
    (properties) => {
      properties.SecurityGroupIngress = [...((properties.SecurityGroupIngress as unknown[]) ?? []), rule];
    },
    group,
  );
}

/** Lets one of the security groups send to a target. */
export function letOut(group: RegExp, rule: Record<string, unknown>): (assembly: Assembly) => void {
  return edit(
    "AWS::EC2::SecurityGroup",
    (properties) => {
      properties.SecurityGroupEgress = [...((properties.SecurityGroupEgress as unknown[]) ?? []), rule];
    },
    group,
  );
}
