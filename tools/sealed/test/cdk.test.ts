import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { loadConfig } from "@sealed/infra/config";
import { errorInText } from "../src/aws/explain-error.ts";
import { DEPLOY, DIFF, failureOf, runCdk } from "../src/deployment/cdk.ts";
import { realSystem } from "../src/system.ts";
import { writeAssembly } from "./support/assembly.ts";
import { folder } from "./support/process.ts";
import { ACCOUNT, REGION } from "./support/world.ts";

const deployment = {
  config: loadConfig({ account: ACCOUNT, region: REGION, preset: "sandbox", topology: "alb-reencrypt" }),
  region: REGION,
  profile: undefined,
  endpointUrl: undefined,
  stackNames: [],
  appArguments: [],
};

for (const args of [DIFF, DEPLOY]) {
  test(`the CDK's own command understands "cdk ${args.join(" ")}" and says what it lacks`, async () => {
    const directory = join(folder, args[0]);
    writeAssembly(directory, {});

    const result = await runCdk({ args, directory }, deployment, {
      reporter: { line: () => undefined, step: (_title, work) => work(() => undefined) },
      hasColor: false,
      call: "npx sealed deploy",
      environment: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: "true" },
      system: realSystem(),
      signal: new AbortController().signal,
      workingDirectory: directory,
      assemblyDirectory: directory,
      sandboxDirectory: directory,
      verifyDeployment: () => Promise.reject(new Error("not needed")),
      loadSettings: () => Promise.reject(new Error("not needed")),
    });

    assert.equal(result.exitCode, 1);
    assert.doesNotMatch(result.tail.join("\n"), /Unknown option/);
    assert.equal(errorInText(failureOf(result), deployment)?.code, "SEALED_CREDENTIALS_MISSING");
  });
}

test("Ctrl-C ends the program that was started, however little it listens", async () => {
  const stop = new AbortController();
  const file = join(import.meta.dirname, "support/stubborn.ts");

  const result = await realSystem().runNode({
    file,
    args: [],
    environment: {},
    signal: stop.signal,
    onLine: () => stop.abort(),
    graceMs: 50,
  });

  assert.equal(result.exitCode, null);
  assert.deepEqual(result.tail, ["up"]);
});
