import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { folder, sealedProcess } from "./support/process.ts";

test("synth builds the app and writes the templates of a topology without credentials", async () => {
  const directory = join(folder, "assembly");

  const { exitCode, output } = await sealedProcess(
    ["synth", "--topology", "nlb-passthrough", "--region", "eu-central-1", "--out", directory, "--json"],
    // The library's own validator takes seconds a stack; `npm run validate` runs it.
    { environment: { CDK_VALIDATION: "false" } },
  );

  const document = JSON.parse(output) as { topology: string; region: string; stacks: { name: string }[] };
  assert.equal(exitCode, 0);
  assert.equal(document.topology, "nlb-passthrough");
  assert.equal(document.region, "eu-central-1");
  assert.deepEqual(
    document.stacks.map(({ name }) => name),
    ["sealed-sandbox-network", "sealed-sandbox-data", "sealed-sandbox-web"],
  );
  assert.ok(readdirSync(directory).includes("source-bundle.zip"));
});

test("synth refuses the topology that leaves a hop open without --lesson", async () => {
  const { exitCode, output, errors } = await sealedProcess(["synth", "--topology", "alb-terminate"]);

  assert.equal(exitCode, 2);
  assert.equal(output, "");
  assert.match(errors, /topology alb-terminate sends plain HTTP to the app/);
});
