import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const directory = mkdtempSync(join(tmpdir(), "sealed-command-"));
const bundle = join(directory, "source-bundle.zip");
writeFileSync(bundle, "only its hash matters");
after(() => rmSync(directory, { recursive: true }));

function app(...args: string[]) {
  const env = { ...process.env, CDK_VALIDATION: "false", CDK_OUTDIR: join(directory, "assembly") };
  const main = join(import.meta.dirname, "../bin/app.ts");
  return spawnSync(process.execPath, [main, ...args], { encoding: "utf8", env });
}

test("the CDK's own command reads what the app writes", () => {
  const synth = app("--bundle", bundle, "--topology", "nlb-passthrough");
  const command = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
  const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true", CDK_DISABLE_VERSION_CHECK: "1" };
  const list = spawnSync(
    process.execPath,
    [command, "list", "--app", join(directory, "assembly"), "--no-notices"],
    {
      encoding: "utf8",
      env: { ...env, AWS_EC2_METADATA_DISABLED: "true", NODE_NO_WARNINGS: "1" },
    },
  );

  assert.equal(synth.status, 0, synth.stderr);
  assert.deepEqual(
    list.stdout.trim().split("\n"),
    ["sealed-sandbox-network", "sealed-sandbox-data", "sealed-sandbox-web"],
    list.stderr,
  );
});

test("a topology that does not exist ends with the list of those that do", () => {
  const synth = app("--bundle", bundle, "--topology", "alb");

  assert.notEqual(synth.status, 0);
  assert.match(synth.stderr, /topology must be one of alb-reencrypt, clb-backend-auth, /);
});

test("the lesson topology asks for its flag", () => {
  const synth = app("--bundle", bundle, "--topology", "alb-terminate");

  assert.match(synth.stderr, /set lesson to true/);
});

test("a missing source bundle is named with the command that makes it", () => {
  const synth = app("--bundle", join(directory, "missing.zip"));

  assert.match(synth.stderr, /source bundle .*missing\.zip is missing: make it with npm run bundle/);
});
