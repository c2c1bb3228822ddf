import assert from "node:assert/strict";
import test from "node:test";
import { properties } from "../lib/properties/index.ts";
import { findings } from "../lib/properties/property.ts";
import { backupMutations } from "./mutations/backup.ts";
import { dataMutations } from "./mutations/data.ts";
import { environmentMutations } from "./mutations/environment.ts";
import { loadBalancerMutations } from "./mutations/load-balancer.ts";
import { networkMutations } from "./mutations/network.ts";
import { redirectMutations } from "./mutations/redirect.ts";
import { secretMutations } from "./mutations/secrets.ts";
import { storageMutations } from "./mutations/storage.ts";
import { assemblyOf, sandbox } from "./support/assemblies.ts";

const mutations = [
  ...networkMutations,
  ...loadBalancerMutations,
  ...redirectMutations,
  ...environmentMutations,
  ...dataMutations,
  ...backupMutations,
  ...storageMutations,
  ...secretMutations,
];

for (const { property, name, of = sandbox, change } of mutations) {
  test(`${property} notices ${name}`, () => {
    const assembly = assemblyOf(of);
    assert.deepEqual(findings(properties, assembly), []);

    change(assembly);

    const noticed = findings(properties, assembly).map((finding) => finding.property);
    assert.ok(noticed.includes(property), `noticed by ${noticed.join(", ") || "nothing"}`);
  });
}

test("every property has a mutation that it must notice", () => {
  const tried = new Set(mutations.map(({ property }) => property));

  assert.deepEqual(
    properties.map(({ id }) => id).filter((id) => !tried.has(id)),
    [],
  );
});
