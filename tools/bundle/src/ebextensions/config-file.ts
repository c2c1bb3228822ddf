import type { OptionSetting } from "@sealed/infra/eb-options";
import { parseDocument } from "yaml";

/** A CloudFormation resource as it stands in a configuration file. */
export interface CfnResource {
  Type?: string;
  Properties?: Record<string, unknown>;
  [attribute: string]: unknown;
}

/** One file of `.ebextensions`, read. */
export interface ConfigFile {
  name: string;
  /** The comment lines before the first key, without their `#`. */
  header: readonly string[];
  /** All keys at the top of the file. */
  keys: readonly string[];
  settings: readonly OptionSetting[];
  resources: Readonly<Record<string, CfnResource>>;
}

/** A file, and what kept it from being read; `file` holds what could be. */
export interface ParsedConfigFile {
  file: ConfigFile;
  problems: readonly string[];
}

/**
 * Reads one configuration file: YAML with `option_settings` as a map or as a list, and `Resources`.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions.html
 */
export function parseConfigFile(name: string, text: string): ParsedConfigFile {
  const document = parseDocument(text, { uniqueKeys: true, version: "1.1" });
  const problems = [...document.errors, ...document.warnings].map(
    (error) => `${name}: ${firstLine(error.message)}`,
  );
  const content: unknown = problems.length > 0 ? {} : document.toJS();
  if (!isRecord(content)) problems.push(`${name}: must hold keys such as option_settings or Resources`);
  const top = isRecord(content) ? content : {};
  const settings = readSettings(name, top.option_settings, problems);
  const resources = isRecord(top.Resources) ? (top.Resources as Record<string, CfnResource>) : {};
  if (top.Resources !== undefined && !isRecord(top.Resources))
    problems.push(`${name}: Resources must be a map`);
  return {
    file: { name, header: headerLines(text), keys: Object.keys(top), settings, resources },
    problems,
  };
}

function readSettings(name: string, content: unknown, problems: string[]): OptionSetting[] {
  if (content === undefined) return [];
  if (Array.isArray(content)) return content.flatMap((entry) => listEntry(name, entry, problems));
  if (!isRecord(content)) {
    problems.push(`${name}: option_settings must be a map of namespaces or a list`);
    return [];
  }
  return Object.entries(content).flatMap(([namespace, options]) => {
    if (!isRecord(options)) {
      problems.push(`${name}: ${namespace} must be a map of options`);
      return [];
    }
    return Object.entries(options).flatMap(([optionName, value]) =>
      setting(name, namespace, optionName, value, problems),
    );
  });
}

function listEntry(name: string, entry: unknown, problems: string[]): OptionSetting[] {
  const { namespace, option_name: optionName, value } = isRecord(entry) ? entry : {};
  if (typeof namespace === "string" && typeof optionName === "string") {
    return setting(name, namespace, optionName, value, problems);
  }
  problems.push(`${name}: an entry of option_settings needs namespace, option_name and value`);
  return [];
}

function setting(
  file: string,
  namespace: string,
  optionName: string,
  value: unknown,
  problems: string[],
): OptionSetting[] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return [{ namespace, optionName, value: String(value) }];
  }
  problems.push(`${file}: ${namespace} ${optionName} must be text, a number, true or false`);
  return [];
}

function headerLines(text: string): string[] {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .filter((line) => line.startsWith("#"))
    .map((line) => line.replace(/^#\s?/, ""));
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? message;
}

/** Tells a map from a list, a scalar and nothing. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
