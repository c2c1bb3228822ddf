import { isRecord } from "./config-file.ts";

/** One use of a function in a value: which one, and its argument. */
export interface IntrinsicUse {
  name: string;
  argument: unknown;
}

/** Functions that Elastic Beanstalk resolves in configuration files. */
export const KNOWN_FUNCTIONS = ["Ref", "Fn::GetAtt", "Fn::Join", "Fn::GetOptionSetting"] as const;

/** Returns every function used anywhere inside a value, the outermost first. */
export function intrinsicsIn(value: unknown): IntrinsicUse[] {
  if (Array.isArray(value)) return value.flatMap(intrinsicsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, argument]) => {
    const inner = intrinsicsIn(argument);
    return name === "Ref" || name.startsWith("Fn::") ? [{ name, argument }, ...inner] : inner;
  });
}

/**
 * Returns the function in the value of an option: JSON between backticks.
 *
 * @returns `undefined` when the value is plain text, `null` when what stands between them is no JSON.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions-functions.html
 */
export function functionOf(value: string): unknown {
  const [, inner] = /^`(.*)`$/s.exec(value.trim()) ?? [];
  if (inner === undefined) return undefined;
  try {
    return JSON.parse(inner);
  } catch {
    return null;
  }
}

/** Returns the logical id that a `Ref` or an `Fn::GetAtt` points to, or `undefined`. */
export function logicalIdOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.Ref === "string") return value.Ref;
  const target = value["Fn::GetAtt"];
  if (Array.isArray(target) && typeof target[0] === "string") return target[0];
  return typeof target === "string" ? target.split(".", 1)[0] : undefined;
}
