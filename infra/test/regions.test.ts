import assert from "node:assert/strict";
import test from "node:test";
import { rdsTrustRegions } from "@sealed/db";
import { loadConfig } from "../lib/config.ts";
import { regionProblem, SUPPORTED_REGIONS } from "../lib/regions.ts";
import { sandbox } from "./support/assemblies.ts";

test("the Regions that can be deployed to are those whose RDS certificates are pinned", () => {
  assert.deepEqual([...SUPPORTED_REGIONS].sort(), rdsTrustRegions().sort());
  assert.deepEqual(
    SUPPORTED_REGIONS.filter((region) => regionProblem(region) !== undefined),
    [],
  );
});

for (const region of ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eu-isoe-west-1", "eusc-de-east-1"]) {
  test(`says that ${region}, in another partition, is not supported`, () => {
    assert.throws(() => loadConfig({ ...sandbox, region }), {
      message: new RegExp(`region ${region} is not supported: .* partition aws alone, such as eu-west-1`),
    });
  });
}

test("refuses a Region whose database nobody could trust, before anything is made in it", () => {
  assert.throws(() => loadConfig({ ...sandbox, region: "ap-southeast-7" }), {
    message:
      /region ap-southeast-7 is not supported: no root certificate of RDS is pinned for it, known are af-/,
  });
});

test("says what a Region looks like", () => {
  for (const region of ["Ireland", "eu-west-", "EU-WEST-1"])
    assert.throws(() => loadConfig({ ...sandbox, region }), {
      message: /region must be one such as eu-west-1/,
    });
});
