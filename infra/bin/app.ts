import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sealedApp } from "../lib/app.ts";
import { loadConfig } from "../lib/config.ts";
import type { PresetName } from "../lib/presets.ts";
import type { Topology } from "../lib/topologies.ts";
import { settings } from "../sealed.config.ts";

const { values } = parseArgs({
  options: {
    region: { type: "string" },
    topology: { type: "string" },
    preset: { type: "string" },
    lesson: { type: "boolean" },
    bundle: { type: "string" },
  },
});
const bundlePath = values.bundle ?? join(import.meta.dirname, "../../apps/web/dist/source-bundle.zip");
if (!existsSync(bundlePath))
  throw new Error(`the source bundle ${bundlePath} is missing: make it with npm run bundle`);

// biome-ignore lint/style/noProcessEnv: the CDK's command says through it where the assembly goes.
const outdir = process.env.CDK_OUTDIR ?? join(import.meta.dirname, "../cdk.out");
const config = loadConfig({
  ...settings,
  ...(values.region !== undefined && { region: values.region }),
  // Whatever was typed; the configuration says what is allowed.
  ...(values.topology !== undefined && { topology: values.topology as Topology }),
  ...(values.preset !== undefined && { preset: values.preset as PresetName }),
  ...(values.lesson !== undefined && { lesson: values.lesson }),
});
sealedApp({ config, bundlePath, outdir }).app.synth();
