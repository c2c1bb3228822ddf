import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Tags } from "aws-cdk-lib";
import type { DeploymentConfig } from "./config.ts";
import { FunctionBundles } from "./constructs/function-bundles.ts";
import { DataStack } from "./data-stack.ts";
import { NetworkStack } from "./network-stack.ts";
import { WebStack } from "./web-stack.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Where things come from and go to. */
export interface SealedAppProps {
  config: DeploymentConfig;
  /** The zip file that Elastic Beanstalk runs. */
  bundlePath: string;
  /** Folder that the assembly is written to. Default: a temporary one. */
  outdir?: string;
  functions?: FunctionBundles;
}

/** The app and its stacks. */
export interface SealedApp {
  app: App;
  network: NetworkStack;
  data: DataStack;
  web: WebStack;
}

/** Makes the three stacks of a deployment, named after its name and preset. */
export function sealedApp(props: SealedAppProps): SealedApp {
  const { config, bundlePath } = props;
  const app = new App({
    outdir: props.outdir,
    analyticsReporting: false,
    context: featureFlags(),
  });
  const functions = props.functions ?? new FunctionBundles(join(ROOT, "infra/dist/functions"));
  const prefix = `${config.name}-${config.presetName}`;
  const stack = {
    config,
    env: { account: config.account, region: config.region },
    terminationProtection: config.preset.deletionProtection,
  };
  const network = new NetworkStack(app, `${prefix}-network`, stack);
  const migrations = join(ROOT, "apps/web/migrations");
  const data = new DataStack(app, `${prefix}-data`, { ...stack, network, functions, migrations });
  const web = new WebStack(app, `${prefix}-web`, { ...stack, network, data, functions, bundlePath });
  tag(app, config);
  return { app, network, data, web };
}

function tag(app: App, config: DeploymentConfig): void {
  const tags = Tags.of(app);
  tags.add("sealed:deployment", `${config.name}-${config.presetName}`);
  tags.add("sealed:preset", config.presetName);
  // Counted from when the stack was made, so that the template stays the same from one synth to the next.
  if (config.presetName === "sandbox") tags.add("sealed:ttl-hours", String(config.timeToLiveHours));
}

/** The feature flags of cdk.json, which the CDK's own command passes on and a plain `node` does not. */
function featureFlags(): Record<string, unknown> {
  const file = JSON.parse(readFileSync(join(ROOT, "infra/cdk.json"), "utf8")) as {
    context: Record<string, unknown>;
  };
  return file.context;
}
