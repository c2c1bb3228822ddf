import assert from "node:assert/strict";
import test from "node:test";
import type { DeploymentSettings } from "@sealed/infra/config";
import { topologyNames } from "@sealed/infra/topologies";
import { type Estimate, estimate } from "../../src/cost/estimate.ts";
import { PRICE_FILE, pricesOf, readPriceList } from "../../src/cost/price-list.ts";
import { freeTypes } from "../../src/cost/resources/free-types.ts";
import { pricedTypes } from "../../src/cost/resources/priced-types.ts";
import { DEFAULT_USAGE } from "../../src/cost/usage.ts";
import { writeTemplates } from "../../src/cost/write-templates.ts";
import { realSystem } from "../../src/system.ts";

const sandbox: DeploymentSettings = {
  account: "111122223333",
  region: "eu-west-1",
  preset: "sandbox",
  topology: "alb-reencrypt",
};
const production: DeploymentSettings = { ...sandbox, preset: "production" };

const DEPLOYMENTS: readonly DeploymentSettings[] = [
  ...topologyNames.map((topology) => ({ ...sandbox, topology })),
  { ...sandbox, egress: "nat-gateways" },
  { ...sandbox, egress: "endpoints", alarmEmail: "ops@example.com" },
  production,
  { ...production, topology: "clb-backend-auth" },
  { ...production, topology: "nlb-passthrough", instanceCertificate: { acmExport: true } },
];

const templates = await writeTemplates(
  DEPLOYMENTS.map((settings) => ({ settings })),
  { system: realSystem(), environment: process.env, signal: new AbortController().signal },
);
const list = await readPriceList(PRICE_FILE);

function costs(region: string): Estimate[] {
  return templates.map((each) => estimate(each, DEFAULT_USAGE, pricesOf(list, region)));
}

test("every type of resource of the templates is priced, or listed as free with the reason", () => {
  for (const cost of costs("eu-west-1")) assert.deepEqual(cost.unpriced, []);
});

test("no type is listed that no template has", () => {
  const types = new Set(
    templates.flatMap((stacks) =>
      stacks.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
    ),
  );

  const listed = [...Object.keys(pricedTypes), ...Object.keys(freeTypes)];
  assert.deepEqual(
    listed.filter((type) => !types.has(type)),
    [],
  );
});

for (const region of ["eu-west-1", "us-east-1"]) {
  test(`every price that the deployments need is in the list of ${region}`, () => {
    for (const cost of costs(region)) assert.ok(cost.monthlyUsd > 40 && cost.monthlyUsd < 600);
  });
}

test("the order of what things cost is as everybody knows it", () => {
  const [alb, , , single, , gateways, endpoints, full] = costs("eu-west-1").map(
    ({ monthlyUsd }) => monthlyUsd,
  );

  const ascending = [single, alb, gateways, endpoints, full];
  assert.deepEqual(
    ascending.toSorted((a = 0, b = 0) => a - b),
    ascending,
  );
});
