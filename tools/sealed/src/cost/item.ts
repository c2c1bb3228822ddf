import type { PriceName } from "./price-names.ts";

/** Parts of a deployment that a bill is read by. */
export const GROUPS = [
  "load balancer",
  "instances",
  "network",
  "database",
  "observation",
  "keys and secrets",
  "traffic and storage",
] as const;

/** One of the parts. */
export type Group = (typeof GROUPS)[number];

/** So much of something that has a price. */
export interface Item {
  group: Group;
  what: string;
  price: PriceName;
  /** A month: things that cost by the hour count their hours. */
  quantity: number;
}

/** Returns so many of a thing that is there all month and costs by the hour. */
export function hourly(group: Group, what: string, price: PriceName, count: number, hours: number): Item {
  return { group, what, price, quantity: count * hours };
}
