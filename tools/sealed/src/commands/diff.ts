import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { DiffOptions } from "../deployment/run-diff.ts";

const EXAMPLES = ["npx turbo diff", "npx sealed diff --fail --json"];

/** Adds `sealed diff`. */
export function registerDiff(program: Command, run: Run): void {
  const command = program
    .command("diff")
    .description("show what a deployment would change, and change nothing");
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--fail", "exit with 1 when something differs", false)
    .action(
      run(async (options: DiffOptions, context) => {
        const { runDiff } = await import("../deployment/run-diff.ts");
        return await runDiff(options, context);
      }),
    );
}
