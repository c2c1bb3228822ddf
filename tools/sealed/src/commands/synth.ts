import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { SynthOptions } from "../deployment/run-synth.ts";

const EXAMPLES = ["npx turbo synth -- --topology single-instance", "npx sealed synth --out build/assembly"];

/** Adds `sealed synth`. */
export function registerSynth(program: Command, run: Run): void {
  const command = program
    .command("synth")
    .description("build the app and write the CloudFormation templates; needs no account");
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--out <directory>", "where the templates go (default: infra/cdk.out)")
    .action(
      run(async (options: SynthOptions, context) => {
        const { runSynth } = await import("../deployment/run-synth.ts");
        return await runSynth(options, context);
      }),
    );
}
