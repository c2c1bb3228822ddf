import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CfnGuardValidator } from "@cdklabs/cdk-validator-cfnguard";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks, NIST80053R5Checks } from "cdk-nag";
import { sealedApp } from "../lib/app.ts";
import { loadConfig } from "../lib/config.ts";
import { FunctionBundles } from "../lib/constructs/function-bundles.ts";
import { Assembly, type Template } from "../lib/properties/assembly.ts";
import { properties } from "../lib/properties/index.ts";
import { findings } from "../lib/properties/property.ts";
import { pairs } from "../lib/validation/pairs.ts";

/** Synthesises one deployment with every set of rules; `npm run validate` reads what it writes. */
const [index = "", outdir = "", bundlePath = ""] = process.argv.slice(2);
const pair = pairs()[Number(index)];
if (pair === undefined) throw new Error(`no deployment number ${index}, allowed: 0 to ${pairs().length - 1}`);

const config = loadConfig(pair.settings);
const functions = new FunctionBundles(join(outdir, "functions"));
const directory = join(outdir, "assembly");
const { app } = sealedApp({ config, bundlePath, functions, outdir: directory });
Validations.of(app).addPlugins(
  new AwsSolutionsChecks(app),
  new NIST80053R5Checks(app),
  new CfnGuardValidator(),
);
try {
  app.synth();
} catch (error) {
  // Findings are no failure here: whoever reads the report decides which of them are acknowledged.
  if (!String(error).includes("Validation failed")) throw error;
}
process.exitCode = 0;
const templates = readdirSync(directory)
  .filter((file) => file.endsWith(".template.json"))
  .map((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Template);
writeFileSync(
  join(outdir, "properties.json"),
  JSON.stringify(findings(properties, Assembly.of(config, templates))),
);
