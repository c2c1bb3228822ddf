import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { LockdownOptions } from "../lockdown/run-lockdown.ts";
import { withGroupOptions } from "./audit.ts";

const EXAMPLES = ["npx turbo lockdown", "npx sealed lockdown --keep sgr-0123456789abcdef0 --apply"];

/** Adds `sealed lockdown`. */
export function registerLockdown(program: Command, run: Run): void {
  const command = program
    .command("lockdown")
    .description("show what narrows those security groups to what the path needs, and do it when told");
  withGroupOptions(withCommonOptions(withDeploymentOptions(command), EXAMPLES))
    .option("--apply", "carry the plan out: add what is needed, read it back, then revoke", false)
    .action(
      run(async (options: LockdownOptions, context) => {
        const { runLockdown } = await import("../lockdown/run-lockdown.ts");
        return await runLockdown(options, context);
      }),
    );
}
