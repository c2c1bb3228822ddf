import { findNamespace } from "@sealed/infra/eb-options";
import { isRecord } from "../config-file.ts";
import { type ConfigSet, type Finding, type Rule, resourcesOf, settingsOf } from "../config-set.ts";
import { functionOf, type IntrinsicUse, intrinsicsIn, KNOWN_FUNCTIONS, logicalIdOf } from "../intrinsics.ts";

const PSEUDO_PARAMETERS = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

/** Names that begin with AWSEB are Beanstalk's: only those that it creates in this topology, with their own type. */
export const resourceNames: Rule = (set) =>
  resourcesOf(set).flatMap(({ file, id, resource }) => {
    const created = set.skeleton[id];
    const finding = (message: string) => [{ rule: "resource-names", file, message }];
    if (created !== undefined) {
      return resource.Type === created.Type
        ? []
        : finding(`${id} must have type ${created.Type}, as Beanstalk creates it, got "${resource.Type}"`);
    }
    if (!id.startsWith("AWSEB")) return [];
    const names = Object.keys(set.skeleton).join(", ");
    return finding(`Beanstalk creates no ${id} with ${set.topology} (${set.mode}), it creates: ${names}`);
  });

/** Whatever is referred to exists: a resource of the set, one of Beanstalk's, or an option of the table. */
export const references: Rule = (set) => {
  const ids = new Set([
    ...PSEUDO_PARAMETERS,
    ...Object.keys(set.skeleton),
    ...resourcesOf(set).map(({ id }) => id),
  ]);
  const inResources = resourcesOf(set).flatMap(({ file, resource }) =>
    intrinsicsIn(resource).flatMap((use) => judge(use, file, ids)),
  );
  const inSettings = settingsOf(set).flatMap(({ file, setting }) => {
    const value = functionOf(setting.value);
    if (value !== null) return intrinsicsIn(value).flatMap((use) => judge(use, file, ids));
    const message = `${setting.namespace} ${setting.optionName} holds no JSON between its backticks`;
    return [{ rule: "references", file, message }];
  });
  return [...inResources, ...inSettings, ...twice(set)];
};

function judge(use: IntrinsicUse, file: string, ids: ReadonlySet<string>): Finding[] {
  const finding = (message: string) => [{ rule: "references", file, message }];
  if (!(KNOWN_FUNCTIONS as readonly string[]).includes(use.name)) {
    return finding(`Beanstalk does not resolve ${use.name}, it resolves: ${KNOWN_FUNCTIONS.join(", ")}`);
  }
  if (use.name === "Fn::Join") return [];
  if (use.name === "Fn::GetOptionSetting") return unknownOption(use.argument).flatMap(finding);
  const id = logicalIdOf({ [use.name]: use.argument });
  return id !== undefined && ids.has(id)
    ? []
    : finding(`${use.name} points to ${id ?? "nothing"}, which nobody creates`);
}

function unknownOption(argument: unknown): string[] {
  const { Namespace: namespace, OptionName: optionName } = isRecord(argument) ? argument : {};
  if (typeof namespace !== "string" || typeof optionName !== "string") {
    return ["Fn::GetOptionSetting needs Namespace and OptionName"];
  }
  const rule = findNamespace(namespace);
  const isKnown = rule?.options[optionName] !== undefined || rule?.anyOption?.name.test(optionName) === true;
  return isKnown ? [] : [`Fn::GetOptionSetting reads ${namespace} ${optionName}, which does not exist`];
}

function twice(set: ConfigSet): Finding[] {
  const seen = new Map<string, string>();
  return resourcesOf(set).flatMap(({ file, id }) => {
    const first = seen.get(id);
    seen.set(id, file);
    return first === undefined
      ? []
      : [{ rule: "references", file, message: `${id} stands in ${first} too; the later file would win` }];
  });
}
