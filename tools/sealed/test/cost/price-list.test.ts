import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { settings } from "@sealed/infra/settings";
import { PRICE_FILE, priceListText, pricesOf, readPriceList } from "../../src/cost/price-list.ts";
import { priceNames } from "../../src/cost/price-names.ts";
import { priceQueries } from "../../src/cost/refresh/price-queries.ts";

const list = await readPriceList(PRICE_FILE);

test("the file is the text that a refresh would write for the same prices", async () => {
  assert.equal(await readFile(PRICE_FILE, "utf8"), priceListText(list));
});

test("the text does not depend on the order in which prices came", () => {
  const reversed = Object.fromEntries(
    Object.entries(list.regions)
      .reverse()
      .map(([region, prices]) => [region, Object.fromEntries(Object.entries(prices).reverse())]),
  );

  assert.equal(priceListText({ ...list, regions: reversed }), priceListText(list));
});

test("every Region has every price, and no other", () => {
  for (const prices of Object.values(list.regions)) assert.deepEqual(Object.keys(prices), priceNames);
});

test("the configured Region is among them", () => {
  assert.ok(pricesOf(list, settings.region));
});

test("every price has a day, a source and how sure it is, and none is from the future", () => {
  for (const prices of Object.values(list.regions)) {
    for (const [name, price] of Object.entries(prices)) {
      assert.ok(price !== undefined && price.usd > 0, name);
      assert.match(price.date, /^\d{4}-\d{2}-\d{2}$/, name);
      assert.ok(price.date <= list.read, name);
      assert.ok(price.source.length > 5, name);
    }
  }
});

test("a refresh can ask for every price", () => {
  assert.deepEqual(Object.keys(priceQueries).sort(), priceNames);
});
