import { rename, writeFile } from "node:fs/promises";
import { PricingClient } from "@aws-sdk/client-pricing";
import { clientSettings, tellTrouble } from "../../aws/connect.ts";
import type { CommonOptions } from "../../command-options.ts";
import type { CommandContext, Outcome } from "../../context.ts";
import { SealedError } from "../../errors.ts";
import {
  type Price,
  type PriceList,
  priceListText,
  type RegionPrices,
  readPriceList,
} from "../price-list.ts";
import { type PriceName, priceNames } from "../price-names.ts";
import { askPrice } from "./ask-price.ts";
import { type PriceChange, refuseImplausible } from "./plausible.ts";
import { priceQueries } from "./price-queries.ts";

/** One of the places where the price list can be asked. */
const PRICING_REGION = "us-east-1";
const PRICING_SOURCE = "AWS Price List Query API, GetProducts";

/**
 * Asks AWS for each price of a Region and writes the file, the same bytes for the same answers.
 *
 * A price that AWS's list does not have, or has twice, stays as it is, and that is said.
 *
 * @throws SealedError SEALED_PRICES_REFUSED when a price has become implausible; nothing is written then.
 */
export async function refreshPrices(
  region: string,
  options: CommonOptions,
  context: CommandContext,
  file: string,
): Promise<Outcome> {
  const list = await readPriceList(file);
  const known: RegionPrices = list.regions[region] ?? {};
  const { prices, missing } = await context.reporter.step(`ask AWS for the prices of ${region}`, () =>
    askAll(region, options, context),
  );
  const changes = refuseImplausible(known, prices);
  requireComplete(region, known, prices);
  await write(file, {
    ...list,
    read: context.system.now().toISOString().slice(0, 10),
    regions: { ...list.regions, [region]: { ...known, ...prices } },
  });
  return {
    exitCode: 0,
    summary: summary(changes, missing, Object.keys(prices).length),
    document: { command: "cost", refreshed: region, prices: Object.keys(prices).length, changes, missing },
  };
}

async function askAll(
  region: string,
  { profile, endpointUrl }: CommonOptions,
  { reporter, signal }: CommandContext,
): Promise<{ prices: RegionPrices; missing: PriceName[] }> {
  const settings = clientSettings({ region: PRICING_REGION, profile, endpointUrl });
  const client = tellTrouble(new PricingClient(settings), reporter.line);
  const prices: Partial<Record<PriceName, Price>> = {};
  const missing: PriceName[] = [];
  // One after the other: the list allows few questions a second.
  for (const name of priceNames) {
    const query = priceQueries[name];
    const answer = query && (await askPrice(client, query, region, signal));
    if (answer === undefined) missing.push(name);
    else prices[name] = { ...answer, basis: "price list", source: PRICING_SOURCE };
  }
  return { prices, missing };
}

/** A Region that is new to the file needs all prices: there is none to fall back on. */
function requireComplete(region: string, known: RegionPrices, asked: RegionPrices): void {
  const absent = priceNames.filter((name) => known[name] === undefined && asked[name] === undefined);
  if (absent.length === 0) return;
  throw new SealedError(
    "SEALED_PRICES_REFUSED",
    `AWS's price list has no clear answer for ${absent.join(", ")} in ${region}, and the file has no price of theirs: ` +
      "nothing was written; put them into tools/sealed/prices.json by hand, with date and source, and repeat",
  );
}

/** Whole or not at all. */
async function write(file: string, list: PriceList): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, priceListText(list));
  await rename(draft, file);
}

function summary(changes: readonly PriceChange[], missing: readonly PriceName[], count: number): string[] {
  return [
    ...changes.map(({ name, from, to }) => `  ${name}  ${from} -> ${to}`),
    ...missing.map((name) => `  ${name}  left as it is: AWS's list has no clear answer`),
    `${count} prices read, ${changes.length} changed, ${missing.length} left as they are`,
  ];
}
