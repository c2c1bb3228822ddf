import assert from "node:assert/strict";
import { test } from "node:test";
import { topologyNames } from "@sealed/infra/topologies";
import { startDeployedPath } from "../support/verify/deployed-path.ts";

for (const topology of topologyNames.filter((name) => name !== "alb-terminate")) {
  test(`a deployed ${topology} on which everything is as it was deployed is sealed`, async () => {
    await using path = await startDeployedPath(topology);

    const found = await path.verify();

    assert.deepEqual(found.wrong, []);
    assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "sealed", "app-db": "sealed" });
    assert.equal(found.exitCode, 0);
  });
}

test("a deployed alb-terminate fails, as the lesson that it is", async () => {
  await using path = await startDeployedPath("alb-terminate");

  const found = await path.verify();

  assert.equal(found.exitCode, 1);
  assert.equal(found.states["lb-app"], "open");
  assert.ok(found.wrong.includes("lb-app lesson"));
});
