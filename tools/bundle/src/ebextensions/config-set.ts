import type { LoadBalancerKind, OptionSetting } from "@sealed/infra/eb-options";
import type { Mode, Topology } from "../topology.ts";
import type { CfnResource, ConfigFile } from "./config-file.ts";

/** The files that go into one bundle together, and what they go on top of. */
export interface ConfigSet {
  topology: Topology;
  mode: Mode;
  loadBalancer: LoadBalancerKind;
  files: readonly ConfigFile[];
  /** What the person who deploys adds, in place of whom the linter uses examples. */
  personal: readonly OptionSetting[];
  /** What Elastic Beanstalk creates by itself, by logical id. */
  skeleton: Readonly<Record<string, CfnResource>>;
}

/** One thing that is wrong, and the rule that found it. */
export interface Finding {
  rule: string;
  file: string;
  message: string;
}

/** A rule of the linter. */
export type Rule = (set: ConfigSet) => Finding[];

/** Returns every resource of the files with the file it stands in. */
export function resourcesOf(set: ConfigSet): { file: string; id: string; resource: CfnResource }[] {
  return set.files.flatMap((file) =>
    Object.entries(file.resources).map(([id, resource]) => ({ file: file.name, id, resource })),
  );
}

/** Returns every setting of the files with the file it stands in. */
export function settingsOf(set: ConfigSet): { file: string; setting: OptionSetting }[] {
  return set.files.flatMap((file) => file.settings.map((setting) => ({ file: file.name, setting })));
}

/** Returns the value of an option in the files, or `undefined`. */
export function settingValue(set: ConfigSet, namespace: string, optionName: string): string | undefined {
  return settingsOf(set).find(
    ({ setting }) => setting.namespace === namespace && setting.optionName === optionName,
  )?.setting.value;
}
