import type { DeploymentSettings } from "@sealed/infra/config";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { checked } from "../deployment/read-deployment.ts";
import { type Alternative, alternativesTo } from "./alternatives.ts";
import { parseCompared } from "./compare.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { PRICE_FILE, type PriceList, pricesOf, readPriceList } from "./price-list.ts";
import { comparisonLines, costLines, foundation } from "./show-cost.ts";
import type { Usage } from "./usage.ts";
import { completed, type Variant } from "./variants.ts";
import { writeTemplates } from "./write-templates.ts";

/** What `sealed cost` was asked for. */
export interface CostOptions extends DeploymentOptions, Usage {
  /** Presets, topologies, or both with a slash, to be put side by side; `true`: none was named. */
  compare?: string[] | true;
  /** Ask AWS for the prices, and write them into the file. */
  refresh: boolean;
}

/** Says what a deployment costs, from what it is made of and the repository's own price list. Needs no account. */
export async function runCost(options: CostOptions, context: CommandContext): Promise<Outcome> {
  const settings = await chosenSettings(options, context);
  if (options.refresh) {
    const { refreshPrices } = await import("./refresh/refresh-prices.ts");
    return await refreshPrices(settings.region, options, context, PRICE_FILE);
  }
  const prices = await readPriceList(PRICE_FILE);
  pricesOf(prices, settings.region);
  return options.compare === undefined
    ? await costOfOne(settings, options, prices, context)
    : await costSideBySide(parseCompared(options.compare, settings), options, prices, context);
}

async function chosenSettings(
  { region, topology, preset }: CostOptions,
  context: CommandContext,
): Promise<DeploymentSettings> {
  const chosen = {
    ...(region !== undefined && { region }),
    ...(topology !== undefined && { topology }),
    ...(preset !== undefined && { preset }),
  };
  return completed({ ...(await context.loadSettings()), ...chosen });
}

async function costOfOne(
  settings: DeploymentSettings,
  usage: Usage,
  prices: PriceList,
  context: CommandContext,
): Promise<Outcome> {
  const config = checked(settings);
  const alternatives = alternativesTo(settings, config);
  const [cost, ...others] = await estimates([{ settings }, ...alternatives], usage, prices, context);
  if (cost === undefined) throw new TypeError("no estimate of the deployment itself");
  const changes = alternatives.map(({ change, meaning }: Alternative, index) => ({
    change,
    meaning,
    monthlyUsd: (others[index]?.monthlyUsd ?? 0) - cost.monthlyUsd,
  }));
  const { region, topology, presetName: preset } = config;
  const based = foundation(prices, region, usage);
  return {
    exitCode: 0,
    summary: costLines({ title: `${topology}, ${preset}, ${region}`, cost, changes, based }),
    document: { command: "cost", region, topology, preset, ...cost, alternatives: changes, ...based },
  };
}

async function costSideBySide(
  settings: readonly DeploymentSettings[],
  usage: Usage,
  prices: PriceList,
  context: CommandContext,
): Promise<Outcome> {
  for (const each of settings) checked(each);
  const costs = await estimates(
    settings.map((each) => ({ settings: each })),
    usage,
    prices,
    context,
  );
  const columns = settings.flatMap(({ topology, preset }, index) => {
    const cost = costs[index];
    return cost === undefined ? [] : [{ topology, preset, cost }];
  });
  const region = settings[0]?.region ?? "";
  const based = foundation(prices, region, usage);
  return {
    exitCode: 0,
    summary: comparisonLines(region, columns, based),
    document: {
      command: "cost",
      region,
      compared: columns.map(({ cost, ...column }) => ({ ...column, ...cost })),
      ...based,
    },
  };
}

async function estimates(
  variants: readonly Variant[],
  usage: Usage,
  prices: PriceList,
  context: CommandContext,
): Promise<Estimate[]> {
  const templates = await context.reporter.step("write the templates", () =>
    writeTemplates(variants, context),
  );
  return variants.map(({ settings }, index) =>
    estimate(templates[index] ?? [], usage, pricesOf(prices, settings.region)),
  );
}
