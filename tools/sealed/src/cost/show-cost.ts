import { tableLines } from "@sealed/console/table";
import type { CostLine, Estimate } from "./estimate.ts";
import { GROUPS } from "./item.ts";
import { type Basis, type PriceList, pricesOf } from "./price-list.ts";
import { perOf } from "./price-names.ts";
import { type Usage, usageWords } from "./usage.ts";

/** Lines of what drives the cost. */
const DRIVERS = 10;

const NOT_INCLUDED = "without tax, discounts and AWS's free allowances; on-demand prices";

/** What an estimate stands on. */
export interface Foundation {
  /** What goes through it in a month. */
  assumed: Usage;
  prices: { read: string; oldest: string; bases: Readonly<Partial<Record<Basis, number>>> };
}

/** What another value of a setting would change. */
interface Change {
  change: string;
  meaning: string;
  /** Less than 0: it would be cheaper. */
  monthlyUsd: number;
}

/** A deployment beside others. */
export interface Column {
  topology: string;
  preset: string;
  cost: Estimate;
}

/** Returns how old and how sure the prices are, and what was assumed. */
export function foundation(list: PriceList, region: string, usage: Usage): Foundation {
  const prices = Object.values(pricesOf(list, region)).filter((price) => price !== undefined);
  const bases: Partial<Record<Basis, number>> = {};
  for (const { basis } of prices) bases[basis] = (bases[basis] ?? 0) + 1;
  const { gbOut, requests, logsGb, flowLogsGb, egressGb } = usage;
  return {
    assumed: { gbOut, requests, logsGb, flowLogsGb, egressGb },
    prices: { read: list.read, oldest: prices.map(({ date }) => date).sort()[0] ?? "", bases },
  };
}

interface CostView {
  title: string;
  cost: Estimate;
  changes: readonly Change[];
  based: Foundation;
}

/** Returns what a deployment costs, what drives it, and what other settings would change. */
export function costLines({ title, cost, changes, based }: CostView): string[] {
  const sorted = changes.toSorted((a, b) => a.monthlyUsd - b.monthlyUsd);
  return [
    `${title}: ${dollars(cost.monthlyUsd)} a month, ${dollars(cost.hourlyUsd, 3)} an hour`,
    "",
    ...tableLines(
      GROUPS.filter((group) => cost.groups[group] > 0).map((group) => [
        group,
        dollars(cost.groups[group]),
        percent(cost.groups[group] / cost.monthlyUsd),
      ]),
    ),
    "",
    "what drives it",
    ...tableLines(cost.lines.slice(0, DRIVERS).map(driver)),
    "",
    "with another setting",
    ...tableLines(
      sorted.map(({ change, monthlyUsd, meaning }) => [
        `${monthlyUsd < 0 ? "-" : "+"}${dollars(Math.abs(monthlyUsd))}`,
        change,
        meaning,
      ]),
    ),
    ...closing(based, cost.unpriced),
  ];
}

function driver({ what, quantity, price, usdEach, monthlyUsd, share }: CostLine): string[] {
  const per = perOf(price);
  return [dollars(monthlyUsd), percent(share), what, `${round(quantity)} ${per} x ${usdEach}`];
}

/** Returns deployments side by side, part by part. */
export function comparisonLines(region: string, columns: readonly Column[], based: Foundation): string[] {
  const row = (title: string, amount: (cost: Estimate) => string) => [
    title,
    ...columns.map(({ cost }) => amount(cost)),
  ];
  const head = ["a month", ...columns.map(({ preset, topology }) => `${preset}/${topology}`)];
  const groups = GROUPS.filter((group) => columns.some(({ cost }) => cost.groups[group] > 0));
  const unpriced = [...new Set(columns.flatMap(({ cost }) => cost.unpriced))];
  return [
    region,
    ...tableLines(
      [
        ...groups.map((group) => row(group, ({ groups: totals }) => dollars(totals[group]))),
        row("together", ({ monthlyUsd }) => dollars(monthlyUsd)),
        row("an hour", ({ hourlyUsd }) => dollars(hourlyUsd, 3)),
      ],
      head,
    ),
    ...closing(based, unpriced),
  ];
}

function closing({ assumed, prices }: Foundation, unpriced: readonly string[]): string[] {
  const bases = Object.entries(prices.bases).map(([basis, count]) => `${count} ${basis}`);
  return [
    "",
    `assumed a month: ${usageWords(assumed)}; ${NOT_INCLUDED}`,
    `prices: tools/sealed/prices.json of ${prices.read}, the oldest of ${prices.oldest}; from: ${bases.join(", ")}`,
    ...unpriced.map((type) => `not in it, for nobody has said yet what it costs: ${type}`),
  ];
}

function dollars(usd: number, digits = 2): string {
  return `$${usd.toFixed(digits)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function round(quantity: number): number {
  return Math.round(quantity * 100) / 100;
}
