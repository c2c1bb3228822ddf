import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SealedError } from "../errors.ts";
import type { Deployment } from "./read-deployment.ts";

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  Resources: Readonly<Record<string, TemplateResource>>;
}

/** One resource of a template. */
export interface TemplateResource {
  Type: string;
  Properties?: Readonly<Record<string, unknown>>;
}

/** What `synth` has written. */
export interface Assembly {
  directory: string;
  /** Templates by the name of their stack. */
  templates: ReadonlyMap<string, Template>;
  /** Least version of the bootstrap stack that it can be deployed with. */
  bootstrapVersion: number;
}

interface Manifest {
  artifacts: Record<string, { type: string; environment?: string; properties?: StackProperties }>;
}

interface StackProperties {
  templateFile: string;
  requiresBootstrapStackVersion?: number;
}

/**
 * Reads what `synth` has written, and checks that it is meant for the account and the Region that were checked.
 *
 * @throws SealedError SEALED_SYNTH_FAILED
 */
export async function readAssembly(directory: string, deployment: Deployment): Promise<Assembly> {
  const { artifacts } = await readJson<Manifest>(join(directory, "manifest.json"));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === "aws:cloudformation:stack");
  const target = `aws://${deployment.config.account}/${deployment.region}`;
  const names = stacks.map(([name]) => name).sort();
  const strays = stacks.filter(([, { environment }]) => environment !== target).map(([name]) => name);
  if (strays.length > 0 || names.join() !== deployment.stackNames.toSorted().join()) {
    throw new SealedError(
      "SEALED_SYNTH_FAILED",
      `the templates are not of ${deployment.stackNames.join(", ")} in ${target}, got ${names.join(", ")}${
        strays.length > 0 ? `, of which ${strays.join(", ")} go elsewhere` : ""
      }`,
    );
  }
  const templates = new Map<string, Template>();
  let bootstrapVersion = 0;
  for (const [name, { properties }] of stacks) {
    if (properties === undefined) continue;
    templates.set(name, await readJson<Template>(join(directory, properties.templateFile)));
    bootstrapVersion = Math.max(bootstrapVersion, properties.requiresBootstrapStackVersion ?? 0);
  }
  return { directory, templates, bootstrapVersion };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

/** Returns the name of the Elastic Beanstalk environment that the templates make. */
export function environmentNameIn({ templates }: Pick<Assembly, "templates">): string | undefined {
  for (const { Resources } of templates.values()) {
    for (const { Type, Properties } of Object.values(Resources)) {
      const name = Properties?.EnvironmentName;
      if (Type === "AWS::ElasticBeanstalk::Environment" && typeof name === "string") return name;
    }
  }
  return undefined;
}
