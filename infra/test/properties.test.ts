import assert from "node:assert/strict";
import test from "node:test";
import { properties } from "../lib/properties/index.ts";
import { findings } from "../lib/properties/property.ts";
import { assemblyOf } from "./support/assemblies.ts";
import { deployments } from "./support/deployments.ts";

for (const [name, settings] of deployments) {
  test(`every property holds of ${name}`, () => {
    assert.deepEqual(findings(properties, assemblyOf(settings)), []);
  });
}

test("property ids are unique", () => {
  const ids = properties.map(({ id }) => id);

  assert.equal(new Set(ids).size, ids.length);
});
