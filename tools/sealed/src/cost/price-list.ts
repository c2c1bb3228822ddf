import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SealedError } from "../errors.ts";
import { REPOSITORY } from "../repository.ts";
import type { PriceName } from "./price-names.ts";

/** Where the prices of the repository are. */
export const PRICE_FILE: string = join(REPOSITORY, "tools/sealed/prices.json");

/** How a price came to be known, the surest first. */
export type Basis =
  | "price list"
  | "offer file"
  | "published bill"
  | "dated page"
  | "derived"
  | "undated page";

/** One price without tax. */
export interface Price {
  usd: number;
  /** Day on which the source says so; of a page without a date, the day on which it was read. */
  date: string;
  basis: Basis;
  /** Where it says so, or from what it follows. */
  source: string;
}

/** Prices of one Region by their names. */
export type RegionPrices = Readonly<Partial<Record<PriceName, Price>>>;

/** The file of prices. */
export interface PriceList {
  currency: "USD";
  /** Day on which the file was made or refreshed. */
  read: string;
  regions: Readonly<Record<string, RegionPrices>>;
}

/** Returns the prices of the repository. */
export async function readPriceList(file: string): Promise<PriceList> {
  return JSON.parse(await readFile(file, "utf8")) as PriceList;
}

/**
 * Returns the prices of a Region.
 *
 * @throws SealedError SEALED_PRICES_MISSING
 */
export function pricesOf({ regions }: PriceList, region: string): RegionPrices {
  const prices = regions[region];
  if (prices !== undefined) return prices;
  throw new SealedError(
    "SEALED_PRICES_MISSING",
    `tools/sealed/prices.json has no prices of Region ${region}, only of ${Object.keys(regions).join(", ")}`,
    { mend: [`npx sealed cost --refresh --region ${region}`] },
  );
}

/**
 * Returns one price.
 *
 * @throws SealedError SEALED_PRICES_MISSING
 */
export function priceOf(prices: RegionPrices, name: PriceName): Price {
  const price = prices[name];
  if (price !== undefined) return price;
  throw new SealedError("SEALED_PRICES_MISSING", `tools/sealed/prices.json has no price "${name}"`, {
    mend: ["npx sealed cost --refresh"],
  });
}

/** Returns the text of the file: the same list is the same text, whatever order it was made in. */
export function priceListText(list: PriceList): string {
  const regions = sorted(list.regions, (prices) =>
    sorted(prices, ({ usd, date, basis, source }: Price) => ({ usd, date, basis, source })),
  );
  return `${JSON.stringify({ currency: list.currency, read: list.read, regions }, null, 2)}\n`;
}

function sorted<Value, Result>(
  values: Readonly<Record<string, Value | undefined>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(
    Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => (value === undefined ? [] : [[name, map(value)]])),
  );
}
