import { accessSync, constants, statSync } from "node:fs";
import { type Setting, type SettingName, settings } from "./settings.ts";

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const byName = new Map<string, Setting>(settings.map((setting) => [setting.name, setting]));

/**
 * Reads settings from an environment and collects every problem, each with the setting's name.
 *
 * An empty value counts as not set: that is how Elastic Beanstalk and shells pass a variable on
 * that somebody cleared.
 */
export class SettingReader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Tells whether a problem with this setting is noted already. */
  hasProblem(name: SettingName): boolean {
    return this.problems.some((problem) => problem.startsWith(`${name} `));
  }

  /** Returns the value, its default, or `undefined` when it has neither. */
  optional(name: SettingName): string | undefined {
    const value = this.#environment[name]?.trim();
    return value ? value : this.#setting(name).default;
  }

  /** Returns the value; when it is not set, notes the problem with the condition that asks for it. */
  required(name: SettingName): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    const { requiredWhen, meaning } = this.#setting(name);
    const condition = requiredWhen === "always" ? "" : `, because ${requiredWhen}`;
    this.problems.push(`${name} is required${condition}: ${meaning}`);
    return "";
  }

  /** Returns one of the setting's choices. */
  choice<const T extends string>(name: SettingName, choices: readonly T[]): T | undefined {
    const value = this.#setting(name).default === undefined ? this.required(name) : this.optional(name);
    const match = choices.find((choice) => choice === value);
    if (match === undefined && value) {
      this.problems.push(`${name} must be one of ${choices.join(", ")}, got "${value}"`);
    }
    return match;
  }

  /** Returns a whole number between the setting's `min` and `max`. */
  integer(name: SettingName): number {
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = this.#setting(name);
    const text = this.required(name);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      this.problems.push(`${name} must be a whole number from ${min} to ${max}, got "${text}"`);
    }
    return value;
  }

  /** Returns the path of a file that can be read, when the setting is set. */
  file(name: SettingName): string | undefined {
    const path = this.optional(name);
    if (path === undefined) return undefined;
    try {
      accessSync(path, constants.R_OK);
      if (statSync(path).isDirectory()) throw new Error("it is a directory");
    } catch (error) {
      this.problems.push(
        `${name} must be a file that can be read, got "${path}": ${(error as Error).message}`,
      );
    }
    return path;
  }

  /** Returns the path of a file that must be set, and readable. */
  requiredFile(name: SettingName): string {
    return this.file(name) ?? this.required(name);
  }

  /** Returns the parts of a comma list without blanks and empty parts. */
  list(name: SettingName): string[] {
    return (this.optional(name) ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }

  /** Returns the parts of a comma list that must have at least one. */
  requiredList(name: SettingName): string[] {
    const parts = this.list(name);
    if (this.required(name) !== "" && parts.length === 0) {
      this.problems.push(`${name} must name at least one, got "${this.optional(name)}"`);
    }
    return parts;
  }

  /** Notes a problem for each of these settings that is set although it has no effect. */
  withoutEffect(names: readonly SettingName[], unless: string): void {
    for (const name of names) {
      if (this.optional(name) !== undefined) {
        this.problems.push(`${name} has an effect only with ${unless}: set that too, or leave ${name} out`);
      }
    }
  }

  #setting(name: SettingName): Setting {
    const setting = byName.get(name);
    if (setting === undefined) throw new Error(`no setting "${name}": add it to the table in settings.ts`);
    return setting;
  }
}
