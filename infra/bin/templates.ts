import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sealedApp } from "../lib/app.ts";
import { type DeploymentSettings, loadConfig } from "../lib/config.ts";
import { FunctionBundles } from "../lib/constructs/function-bundles.ts";
import type { Preset } from "../lib/presets.ts";

/** A deployment to write templates of: its settings, and what differs from its preset. */
interface Variant {
  settings: DeploymentSettings;
  preset?: Partial<Preset>;
}

// For those who want to know what a deployment would be made of: nothing that is written here is ever deployed.
const { values } = parseArgs({ options: { variants: { type: "string" }, out: { type: "string" } } });
const { variants = "[]", out = "templates.json" } = values;
const functions = new FunctionBundles(join(import.meta.dirname, "../dist/functions"));

writeFileSync(out, JSON.stringify((JSON.parse(variants) as Variant[]).map(templatesOf)));

function templatesOf({ settings, preset }: Variant): object[] {
  const config = loadConfig(settings);
  // Any file will do: what the app is made of changes no resource.
  const bundlePath = import.meta.filename;
  const { app } = sealedApp({
    config: { ...config, preset: { ...config.preset, ...preset } },
    bundlePath,
    functions,
  });
  return app.synth().stacks.map(({ template }) => template as object);
}
