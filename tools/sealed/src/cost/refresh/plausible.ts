import { SealedError } from "../../errors.ts";
import type { RegionPrices } from "../price-list.ts";
import type { PriceName } from "../price-names.ts";

/** AWS has seldom changed a price by more: then the question was wrong, or the unit is another. */
const MOST = 2;

/** A price that is not what it was. */
export interface PriceChange {
  name: PriceName;
  from: number;
  to: number;
}

/**
 * Returns what has changed.
 *
 * @throws SealedError SEALED_PRICES_REFUSED with every price that more than doubled or fell to less than half.
 */
export function refuseImplausible(known: RegionPrices, asked: RegionPrices): PriceChange[] {
  const changes = (Object.keys(asked) as PriceName[]).flatMap((name) => {
    const from = known[name]?.usd;
    const to = asked[name]?.usd;
    return from === undefined || to === undefined || from === to ? [] : [{ name, from, to }];
  });
  const implausible = changes.filter(({ from, to }) => to > from * MOST || to < from / MOST);
  if (implausible.length === 0) return changes;
  const list = implausible.map(({ name, from, to }) => `- ${name}: ${from} -> ${to}`).join("\n");
  throw new SealedError(
    "SEALED_PRICES_REFUSED",
    `prices that more than doubled or fell to less than half are not believed, and nothing was written:\n${list}\n` +
      "look at AWS's pricing pages; if a price is right, put it into tools/sealed/prices.json by hand, with date and source, and repeat",
  );
}
