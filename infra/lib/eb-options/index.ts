export { type Namespace, OptionSettings, type OptionValues } from "./builder.ts";
export {
  checkSetting,
  type EnvironmentShape,
  findNamespace,
  type IsDeferred,
  type OptionSetting,
} from "./check.ts";
export type { LoadBalancerKind, NamespaceRule, OptionKind, OptionRule } from "./kinds.ts";
export { checkSettings } from "./references.ts";
export { OPTION_TABLE_DATE, optionTable } from "./table.ts";
