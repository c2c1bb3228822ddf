import type { Template } from "../deployment/assembly.ts";
import { GROUPS, type Group, type Item } from "./item.ts";
import { priceOf, type RegionPrices } from "./price-list.ts";
import { HOURS_PER_MONTH, type PriceName } from "./price-names.ts";
import { freeTypes } from "./resources/free-types.ts";
import { pricedTypes } from "./resources/priced-types.ts";
import { usageItems } from "./resources/usage-items.ts";
import type { Usage } from "./usage.ts";

/** One line of an estimate. */
export interface CostLine {
  group: Group;
  what: string;
  price: PriceName;
  quantity: number;
  usdEach: number;
  monthlyUsd: number;
  /** Part of the whole, from 0 to 1. */
  share: number;
}

/** What a deployment costs. */
export interface Estimate {
  monthlyUsd: number;
  hourlyUsd: number;
  groups: Readonly<Record<Group, number>>;
  /** The dearest first. */
  lines: readonly CostLine[];
  /** Types of resources about which nobody has decided yet whether they cost anything. */
  unpriced: readonly string[];
}

/** Returns what the resources of some templates cost, and what goes through them. */
export function estimate(templates: readonly Template[], usage: Usage, prices: RegionPrices): Estimate {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const standing = resources.flatMap(({ Type, Properties = {} }) => pricedTypes[Type]?.(Properties) ?? []);
  const items = merged([...standing, ...usageItems(resources, standing, usage)]);
  const costs = items.map((item) => ({ ...item, usdEach: priceOf(prices, item.price).usd }));
  const monthlyUsd = sum(costs.map(({ quantity, usdEach }) => quantity * usdEach));
  const lines = costs
    .map((cost) => ({ ...cost, monthlyUsd: cost.quantity * cost.usdEach }))
    .map((cost) => ({ ...cost, share: monthlyUsd === 0 ? 0 : cost.monthlyUsd / monthlyUsd }))
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd || (a.what < b.what ? -1 : 1));
  return {
    monthlyUsd,
    hourlyUsd: monthlyUsd / HOURS_PER_MONTH,
    groups: groupTotals(lines),
    lines,
    unpriced: unknownTypes(resources.map(({ Type }) => Type)),
  };
}

/** The same thing at the same price is one line. */
function merged(items: readonly Item[]): Item[] {
  const lines = new Map<string, Item>();
  for (const item of items) {
    if (item.quantity === 0) continue;
    const key = `${item.group} ${item.what} ${item.price}`;
    const line = lines.get(key);
    lines.set(key, { ...item, quantity: item.quantity + (line?.quantity ?? 0) });
  }
  return [...lines.values()];
}

function groupTotals(lines: readonly CostLine[]): Record<Group, number> {
  const totals = GROUPS.map((group) => {
    const own = lines.filter((line) => line.group === group);
    return [group, sum(own.map(({ monthlyUsd }) => monthlyUsd))] as const;
  });
  return Object.fromEntries(totals) as Record<Group, number>;
}

function unknownTypes(types: readonly string[]): string[] {
  return [...new Set(types)].filter((type) => !(type in pricedTypes) && !(type in freeTypes)).sort();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
