import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { DestroyOptions } from "../destroy/run-destroy.ts";

const EXAMPLES = ["npx turbo destroy", "npx sealed destroy --expired-only --json"];

/** Adds `sealed destroy`. */
export function registerDestroy(program: Command, run: Run): void {
  const command = program
    .command("destroy")
    .description(
      "remove the deployment without asking: in a sandbox with its data, its buckets and its protection",
    );
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--expired-only", "do nothing while the sandbox is within its time to live", false)
    .option("--production", "allow the production preset", false)
    .option(
      "--delete-production-stacks",
      "switch off deletion protection in production and delete its stacks; data is kept as the stacks say",
      false,
    )
    .action(
      run(async (options: DestroyOptions, context) => {
        const { runDestroy } = await import("../destroy/run-destroy.ts");
        return await runDestroy(options, context);
      }),
    );
}
