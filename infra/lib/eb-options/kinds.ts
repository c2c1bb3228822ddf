/** How the value of an option is written; what does not fit is refused at synth. */
export type OptionKind =
  | { readonly type: "boolean" }
  | { readonly type: "choice"; readonly values: readonly string[] }
  | { readonly type: "integer"; readonly min: number; readonly max: number }
  | { readonly type: "list"; readonly max?: number; readonly values?: readonly string[] }
  | { readonly type: "text"; readonly pattern?: RegExp; readonly form?: string }
  | { readonly type: "json" };

/** Kind of load balancer that Elastic Beanstalk knows; `none` is a single-instance environment. */
export type LoadBalancerKind = "application" | "classic" | "network" | "none";

/** One option of a namespace. */
export interface OptionRule {
  readonly kind: OptionKind;
  /** Load balancers with which the option has an effect; absent: all. */
  readonly balancers?: readonly LoadBalancerKind[];
  /** Whether the load balancer may be shared between environments: `only` shared, or `never`. */
  readonly shared?: "only" | "never";
  /** Values that only some load balancers take, by load balancer. */
  readonly byBalancer?: { readonly [balancer in LoadBalancerKind]?: OptionKind };
  /** What to use in its place: the option is obsolete, and setting it is refused. */
  readonly obsolete?: string;
  /** Page and date, where the option is not in the table of the namespace's own source. */
  readonly source?: string;
}

/** The options of a namespace; `<name>` or `<port>` at the end of its key stands for a part one chooses. */
export interface NamespaceRule {
  readonly options: { readonly [option: string]: OptionRule };
  readonly balancers?: readonly LoadBalancerKind[];
  readonly shared?: "only" | "never";
  /** Option names that one may make up, such as those of environment variables. */
  readonly anyOption?: { readonly name: RegExp; readonly kind: OptionKind };
  /** Platforms that have the namespace; absent: all. */
  readonly platforms?: readonly string[];
  readonly source: string;
}

/** `true` or `false`. */
export const boolean = { type: "boolean" } as const;

/** A JSON document. */
export const json = { type: "json" } as const;

/** Any text that is not empty. */
export const text = { type: "text" } as const;

/** Text of a form that `form` describes in words. */
export function shaped(pattern: RegExp, form: string) {
  return { type: "text", pattern, form } as const;
}

/** One of some words. */
export function choice<const V extends readonly string[]>(...values: V) {
  return { type: "choice", values } as const;
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  return { type: "integer", min, max } as const;
}

/** Words with commas between them, at most `max`; when `values` is given, each one of these. */
export function list(options: { max?: number; values?: readonly string[] } = {}) {
  return { type: "list", ...options } as const;
}
