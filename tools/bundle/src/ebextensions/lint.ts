import { type Mode, type Topology, topologyFacts } from "../topology.ts";
import { parseConfigFile } from "./config-file.ts";
import type { ConfigSet, Finding, Rule } from "./config-set.ts";
import { header } from "./rules/header.ts";
import { encryptedHop, securityGroups } from "./rules/hop.ts";
import { keys } from "./rules/keys.ts";
import { environmentVariables, options, overlapWithCdk } from "./rules/options.ts";
import { references, resourceNames } from "./rules/resources.ts";
import { validTemplate } from "./rules/template.ts";
import { times } from "./rules/times.ts";
import { skeletonOf } from "./skeleton.ts";
import type { TemplateValidator } from "./template-validator.ts";

/** A file by its name, not yet read. */
export interface SourceFile {
  name: string;
  text: string;
}

/** What is linted together. */
export interface LintInput {
  topology: Topology;
  mode: Mode;
  files: readonly SourceFile[];
  /** Absent: the merged template is not validated, which saves about 4 s. */
  validator?: TemplateValidator;
}

const RULES: readonly Rule[] = [
  header,
  keys,
  options,
  environmentVariables,
  overlapWithCdk,
  resourceNames,
  references,
  securityGroups,
  encryptedHop,
  times,
];

/** Returns everything that is wrong with the `.ebextensions` files of one bundle; nothing when they are right. */
export function lint({ topology, mode, files, validator }: LintInput): Finding[] {
  const parsed = files.map(({ name, text }) => parseConfigFile(name, text));
  const unreadable = parsed.flatMap(({ file, problems }) =>
    problems.map((message) => ({ rule: "yaml", file: file.name, message })),
  );
  if (unreadable.length > 0) return unreadable;
  const { loadBalancer, personal } = topologyFacts[topology];
  const set: ConfigSet = {
    topology,
    mode,
    loadBalancer,
    files: parsed.map(({ file }) => file),
    personal,
    skeleton: skeletonOf(loadBalancer, mode),
  };
  const findings = RULES.flatMap((rule) => rule(set));
  return validator === undefined ? findings : [...findings, ...validTemplate(set, validator)];
}
