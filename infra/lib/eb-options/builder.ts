import type { EnvironmentShape, IsDeferred, OptionSetting } from "./check.ts";
import type { OptionKind, OptionRule } from "./kinds.ts";
import { checkSettings } from "./references.ts";
import type { optionTable } from "./table.ts";

type Table = typeof optionTable;
type Instance<Pattern extends string> = Pattern extends `${infer Family}<${string}>`
  ? `${Family}${string}`
  : Pattern;

/** Every namespace that may be set, families with their chosen part. */
export type Namespace = Instance<keyof Table & string>;

type PatternOf<N extends string> = N extends keyof Table
  ? N
  : { [P in keyof Table & string]: N extends Instance<P> ? P : never }[keyof Table & string];

type ValueOf<Kind> = Kind extends { type: "boolean" }
  ? boolean
  : Kind extends { type: "integer" }
    ? number
    : Kind extends { type: "list" }
      ? readonly string[]
      : Kind extends { type: "json" }
        ? object
        : string;

type Named<Options> = {
  [O in keyof Options]?: Options[O] extends { kind: infer K extends OptionKind } ? ValueOf<K> : never;
};

/** Values for the options of one namespace. */
export type OptionValues<N extends string> = Table[PatternOf<N>] extends infer Rules
  ? (Rules extends { options: infer Options extends { [name: string]: OptionRule } }
      ? Named<Options>
      : never) &
      (Rules extends { anyOption: unknown } ? { [name: string]: string } : unknown)
  : never;

/**
 * Collects option settings, and refuses at `build()` what Elastic Beanstalk would not accept.
 *
 * @param shape - The environment they are for.
 * @param isDeferred - Recognises values that are known only at deployment, such as CDK tokens.
 */
export class OptionSettings {
  readonly #settings: OptionSetting[] = [];
  readonly #shape: EnvironmentShape;
  readonly #isDeferred: IsDeferred;

  constructor(shape: EnvironmentShape, isDeferred: IsDeferred = () => false) {
    this.#shape = shape;
    this.#isDeferred = isDeferred;
  }

  /** Sets options of one namespace; those given as `undefined` are left out. */
  set<const N extends Namespace>(namespace: N, values: OptionValues<N>): this {
    for (const [optionName, value] of Object.entries(values as Record<string, unknown>)) {
      if (value !== undefined) this.#settings.push({ namespace, optionName, value: written(value) });
    }
    return this;
  }

  /**
   * Returns all settings, in the order in which they were set.
   *
   * @throws Error with one line for each problem.
   */
  build(): OptionSetting[] {
    const problems = checkSettings(this.#settings, this.#shape, this.#isDeferred);
    if (problems.length > 0) {
      throw new Error(
        `${problems.length} wrong option settings:\n${problems.map((p) => `- ${p}`).join("\n")}`,
      );
    }
    return [...this.#settings];
  }
}

function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
