import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { mockClient } from "aws-sdk-client-mock";
import { toSealedError } from "../../src/aws/explain-error.ts";
import type { CommandContext } from "../../src/context.ts";
import { PRICE_FILE, type PriceList } from "../../src/cost/price-list.ts";
import { priceNames } from "../../src/cost/price-names.ts";
import { refreshPrices } from "../../src/cost/refresh/refresh-prices.ts";
import { awsError } from "../support/harness.ts";

const folder = mkdtempSync(join(tmpdir(), "sealed-prices-"));
after(() => rmSync(folder, { recursive: true }));
const OPTIONS = { json: false };

let files = 0;

/** Returns a copy of the repository's price file. */
function priceFile(): string {
  const file = join(folder, `${++files}.json`);
  copyFileSync(PRICE_FILE, file);
  return file;
}

function read(file: string): PriceList {
  return JSON.parse(readFileSync(file, "utf8")) as PriceList;
}

const context = {
  reporter: {
    line: () => undefined,
    step: (_title: string, work: (progress: () => void) => unknown) => work(() => undefined),
  },
  system: { now: () => new Date("2026-12-24T10:00:00Z") },
  signal: new AbortController().signal,
} as unknown as CommandContext;

/** Returns a product as AWS's list has it, which is a text. */
function product(usagetype: string, tiers: Record<string, string>): string {
  const priceDimensions = Object.fromEntries(
    Object.entries(tiers).map(([beginRange, USD], index) => [
      String(index),
      { beginRange, pricePerUnit: { USD } },
    ]),
  );
  return JSON.stringify({
    publicationDate: "2026-12-01T00:00:00Z",
    product: { attributes: { usagetype } },
    terms: { OnDemand: { term: { priceDimensions } } },
  });
}

/** What is moved has two Regions, and none of its products says a Region as others do. */
function dataTransfer({ Filters }: { Filters: { Field: string; Value: string }[] }) {
  const isFromRegion = Filters.some(
    ({ Field, Value }) => Field === "fromRegionCode" && Value === "eu-west-1",
  );
  if (!isFromRegion || Filters.some(({ Field }) => Field === "regionCode")) return { PriceList: [] };
  const type = Filters.find(({ Field }) => Field === "transferType")?.Value;
  if (type === "IntraRegion") {
    return { PriceList: [product("EU-DataTransfer-Regional-Bytes", { "0": "0.0110000000" })] };
  }
  const tiers = { "0": "0.0000000000", "100": "0.0950000000", "10240": "0.0850000000" };
  return { PriceList: type === "AWS Outbound" ? [product("EU-DataTransfer-Out-Bytes", tiers)] : [] };
}

/** Mocks a price list with a KMS key, a NAT gateway over two pages, and data out behind a free tier. */
function priceList(gatewayHour = "0.0490000000") {
  const pricing = mockClient(PricingClient);
  pricing
    .on(GetProductsCommand)
    .resolves({ PriceList: [] })
    .on(GetProductsCommand, { ServiceCode: "awskms" })
    .resolves({ PriceList: [product("eu-west-1-KMS-Keys", { "0": "1.0000000000" })] })
    .on(GetProductsCommand, { ServiceCode: "AWSDataTransfer" })
    .callsFake(dataTransfer)
    .on(GetProductsCommand, { ServiceCode: "AmazonEC2" })
    .callsFake(({ Filters, NextToken }) => {
      if (!Filters.some(({ Value }: { Value: string }) => Value === "NAT Gateway")) return { PriceList: [] };
      return NextToken === undefined
        ? { PriceList: [product("EU-RegionalNatGateway-Hours", { "0": "9" })], NextToken: "2" }
        : { PriceList: [product("EU-NatGateway-Hours", { "0": gatewayHour })] };
    });
  return pricing;
}

test("a refresh writes what AWS says, with day and source, and leaves what AWS's list does not have", async () => {
  const pricing = priceList();
  const file = priceFile();
  const before = read(file);

  const { exitCode, summary, document } = await refreshPrices("eu-west-1", OPTIONS, context, file);

  const { regions, read: day } = read(file);
  assert.equal(exitCode, 0);
  assert.equal(day, "2026-12-24");
  assert.deepEqual(regions["eu-west-1"]?.["nat-gateway.hour"], {
    usd: 0.049,
    date: "2026-12-01",
    basis: "price list",
    source: "AWS Price List Query API, GetProducts",
  });
  assert.equal(regions["eu-west-1"]?.["transfer.out"]?.usd, 0.095);
  assert.equal(regions["eu-west-1"]?.["transfer.between-zones"]?.usd, 0.011);
  assert.deepEqual(regions["eu-west-1"]?.["alb.hour"], before.regions["eu-west-1"]?.["alb.hour"]);
  assert.deepEqual(regions["us-east-1"], before.regions["us-east-1"]);
  assert.ok(summary.includes("  nat-gateway.hour  0.048 -> 0.049"));
  assert.equal((document.missing as string[]).length, priceNames.length - 4);
  const [first] = pricing.commandCalls(GetProductsCommand);
  assert.ok(
    first?.args[0].input.Filters?.some(({ Field, Value }) => Field === "regionCode" && Value === "eu-west-1"),
  );
});

test("the same answers are the same bytes", async () => {
  priceList();
  const one = priceFile();
  const two = priceFile();

  await refreshPrices("eu-west-1", OPTIONS, context, one);
  await refreshPrices("eu-west-1", OPTIONS, context, two);
  await refreshPrices("eu-west-1", OPTIONS, context, two);

  assert.equal(readFileSync(one, "utf8"), readFileSync(two, "utf8"));
});

for (const hour of ["0.0990000000", "0.0200000000"]) {
  test(`a gateway hour of ${hour} is not believed, and nothing is written`, async () => {
    priceList(hour);
    const file = priceFile();
    const before = readFileSync(file, "utf8");

    await assert.rejects(refreshPrices("eu-west-1", OPTIONS, context, file), {
      code: "SEALED_PRICES_REFUSED",
      message: /nat-gateway\.hour: 0\.048 -> 0\.0/,
    });

    assert.equal(readFileSync(file, "utf8"), before);
    assert.ok(!existsSync(`${file}.draft`));
  });
}

test("two products at different prices are no answer", async () => {
  const pricing = priceList();
  pricing.on(GetProductsCommand, { ServiceCode: "awskms" }).resolves({
    PriceList: [product("eu-west-1-KMS-Keys", { "0": "1" }), product("eu-west-1-KMS-Keys", { "0": "1.5" })],
  });

  const { document } = await refreshPrices("eu-west-1", OPTIONS, context, priceFile());

  assert.ok((document.missing as string[]).includes("kms.key"));
});

test("a Region that the file does not have is refused while a price is missing", async () => {
  priceList();
  const file = priceFile();

  await assert.rejects(refreshPrices("ap-south-1", OPTIONS, context, file), {
    code: "SEALED_PRICES_REFUSED",
    message: /no clear answer for .*alb\.hour.* in ap-south-1/,
  });

  assert.deepEqual(Object.keys(read(file).regions), ["eu-west-1", "us-east-1"]);
});

test("a refresh that may not ask ends with what AWS said", async () => {
  const pricing = mockClient(PricingClient);
  pricing
    .on(GetProductsCommand)
    .rejects(awsError("AccessDeniedException", "not authorized to perform pricing:GetProducts"));

  const error = await refreshPrices("eu-west-1", OPTIONS, context, priceFile()).catch((reason) =>
    toSealedError(reason, {}),
  );

  assert.equal((error as { code?: string }).code, "SEALED_ACCESS_DENIED");
});
