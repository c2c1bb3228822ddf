import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { topologyNames } from "@sealed/infra/topologies";
import { startSandbox } from "../support/verify/sandbox.ts";
import { verify } from "../support/verify/verified.ts";

// A safety net against a hang; each test takes a few seconds.
const timeout = 120_000;

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-five-"));
});
after(() => rm(directory, { recursive: true, force: true }));

for (const topology of topologyNames.filter((name) => name !== "alb-terminate")) {
  test(`verify finds every hop of a local ${topology} as it is promised`, { timeout }, async () => {
    await using sandbox = await startSandbox(directory, "--topology", topology);

    const found = await verify("", { sandboxDirectory: sandbox.directory });

    assert.deepEqual(found.wrong, []);
    assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "sealed", "app-db": "sealed" });
    assert.equal(found.verdict, "sealed");
    assert.equal(found.topology, topology);
    assert.equal(found.exitCode, 0);
  });
}

test("verify fails the lesson alb-terminate, and names hop 2", { timeout }, async () => {
  await using sandbox = await startSandbox(directory, "--topology", "alb-terminate", "--lesson");

  const found = await verify("", { sandboxDirectory: sandbox.directory });

  assert.deepEqual(found.states, { "client-lb": "sealed", "lb-app": "open", "app-db": "sealed" });
  assert.deepEqual(found.wrong, [
    "lb-app as-the-app-sees-it app-1",
    "lb-app encrypted app-1",
    "lb-app lesson",
  ]);
  assert.equal(found.exitCode, 1);
});
