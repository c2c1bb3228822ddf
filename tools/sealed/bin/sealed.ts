#!/usr/bin/env node
import { join } from "node:path";
import { runCli } from "../src/cli.ts";
import { REPOSITORY } from "../src/repository.ts";
import { stopSignals } from "../src/stop-signals.ts";
import { realSystem } from "../src/system.ts";

// biome-ignore lint/style/noProcessEnv: conventions of terminals and of AWS's tools, which the programs started here read too.
const environment = process.env;
const { NO_COLOR = "", TERM = "", CI = "" } = environment;

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    output: process.stdout,
    isInteractive: process.stdout.isTTY === true && TERM !== "dumb" && CI === "",
    hasColor: process.stdout.isTTY === true && NO_COLOR === "",
  },
  errors: process.stderr,
  environment,
  system: realSystem(),
  assemblyDirectory: join(REPOSITORY, "infra/cdk.out"),
  sandboxDirectory: join(REPOSITORY, ".sandbox"),
  signal: stopSignals(),
  loadSettings: async () => (await import("@sealed/infra/settings")).settings,
  verifyDeployment: async (...args) =>
    (await import("../src/verify/verify-deployment.ts")).verifyDeployment(...args),
});
