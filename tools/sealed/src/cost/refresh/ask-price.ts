import { type PricingClient, paginateGetProducts } from "@aws-sdk/client-pricing";
import type { PriceQuery } from "./price-queries.ts";

/** One product of AWS's price list, as far as it is read. */
interface Product {
  publicationDate?: string;
  product?: { attributes?: Record<string, string> };
  terms?: { OnDemand?: Record<string, { priceDimensions?: Record<string, PriceDimension> }> };
}

interface PriceDimension {
  beginRange?: string;
  pricePerUnit?: { USD?: string };
}

/** What AWS says of one price. */
export interface Answer {
  usd: number;
  /** Day of the list. */
  date: string;
}

/**
 * Returns the on-demand price without free tiers; `undefined`: the list has none, or several that differ.
 */
export async function askPrice(
  client: PricingClient,
  { service, filters, usageType, regionField = "regionCode", unitsPerPrice = 1 }: PriceQuery,
  region: string,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const answers: Answer[] = [];
  const pages = paginateGetProducts(
    { client },
    {
      ServiceCode: service,
      Filters: Object.entries({ [regionField]: region, ...filters }).map(([Field, Value]) => ({
        Type: "TERM_MATCH",
        Field,
        Value,
      })),
    },
    { abortSignal: signal },
  );
  for await (const { PriceList = [] } of pages) {
    for (const text of PriceList) {
      const product = JSON.parse(String(text)) as Product;
      if (!usageType.test(product.product?.attributes?.usagetype ?? "")) continue;
      const usd = firstPaidTier(product);
      if (usd === undefined) continue;
      answers.push({ usd: tidy(usd * unitsPerPrice), date: product.publicationDate?.slice(0, 10) ?? "" });
    }
  }
  const [first, ...others] = answers;
  return others.some(({ usd }) => usd !== first?.usd) ? undefined : first;
}

/** Free allowances are a tier at 0; the tier after it is the price. */
function firstPaidTier({ terms }: Product): number | undefined {
  return Object.values(terms?.OnDemand ?? {})
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .map(({ beginRange, pricePerUnit }) => ({
      from: Number(beginRange ?? 0),
      usd: Number(pricePerUnit?.USD),
    }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => a.from - b.from)[0]?.usd;
}

/** AWS writes ten digits behind the point; a product of two such numbers has more that mean nothing. */
function tidy(usd: number): number {
  return Number(usd.toFixed(10));
}
