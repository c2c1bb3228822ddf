import { environmentOptions } from "./environment-options.ts";
import { instanceOptions } from "./instance-options.ts";
import type { NamespaceRule } from "./kinds.ts";
import { loadBalancerOptions } from "./load-balancer-options.ts";

/** When the table was last compared with its sources, which each namespace names. */
export const OPTION_TABLE_DATE = "2026-11-22";

/**
 * Every Elastic Beanstalk option that this project may set, for a web environment on the Node.js platform.
 *
 * Left out on purpose: `aws:rds:dbinstance` (a database tied to an environment dies with it) and
 * `aws:elasticbeanstalk:sqsd` (worker tier).
 */
export const optionTable = {
  ...instanceOptions,
  ...environmentOptions,
  ...loadBalancerOptions,
} as const satisfies { readonly [namespace: string]: NamespaceRule };
