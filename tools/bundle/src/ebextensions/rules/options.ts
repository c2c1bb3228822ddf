import { checkSettings } from "@sealed/infra/eb-options";
import { settings as appSettings } from "@sealed/web/settings";
import { type ConfigSet, type Rule, settingsOf } from "../config-set.ts";
import { functionOf } from "../intrinsics.ts";

const ENVIRONMENT = "aws:elasticbeanstalk:application:environment";

/** Every option exists, has an allowed value, and fits the topology; what refers to another option finds it. */
export const options: Rule = (set) => {
  // With CDK there must be none: see `overlapWithCdk`.
  if (set.mode === "cdk") return [];
  const own = settingsOf(set).map(({ setting }) => setting);
  const shape = { loadBalancer: set.loadBalancer, shared: false };
  const isDeferred = (value: string) => functionOf(value) !== undefined;
  return checkSettings([...own, ...examplesFor(set)], shape, isDeferred).map((message) => ({
    rule: "options",
    file: fileOf(set, message),
    message,
  }));
};

/** Environment variables are settings that the app has, spelt as it spells them. */
export const environmentVariables: Rule = (set) => {
  const known = new Set<string>(appSettings.map(({ name }) => name));
  return settingsOf(set)
    .filter(({ setting }) => setting.namespace === ENVIRONMENT && !known.has(setting.optionName))
    .map(({ file, setting }) => ({
      rule: "environment-variables",
      file,
      message: `the app has no setting ${setting.optionName}; \`npm run settings\` lists what it has`,
    }));
};

/** With CDK every option is set there, where the same table checks it; a file that sets it too would lose, silently. */
export const overlapWithCdk: Rule = (set) =>
  set.mode === "standalone"
    ? []
    : settingsOf(set).map(({ file, setting }) => ({
        rule: "overlap-with-cdk",
        file,
        message: `${setting.namespace} ${setting.optionName} belongs into infra/lib/environment, which sets all options`,
      }));

function examplesFor(set: ConfigSet) {
  const given = new Set(settingsOf(set).map(({ setting }) => `${setting.namespace} ${setting.optionName}`));
  return set.personal.filter(({ namespace, optionName }) => !given.has(`${namespace} ${optionName}`));
}

/** The table names options, not files: the file is the one that sets the option of the message. */
function fileOf(set: ConfigSet, message: string): string {
  const named = settingsOf(set).find(
    ({ setting }) =>
      message.startsWith(`${setting.namespace} ${setting.optionName} `) ||
      (message.includes(`"${setting.namespace}"`) && !message.startsWith("unknown option")) ||
      message.startsWith(`unknown option "${setting.optionName}" in ${setting.namespace},`),
  );
  return named?.file ?? "several files";
}
