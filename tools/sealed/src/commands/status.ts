import type { Command } from "commander";
import {
  type DeploymentOptions,
  type Run,
  withCommonOptions,
  withDeploymentOptions,
} from "../command-options.ts";

const EXAMPLES = ["npx turbo status", "npx sealed status --profile my-sandbox --json"];

/** Adds `sealed status`. */
export function registerStatus(program: Command, run: Run): void {
  const command = program
    .command("status")
    .description(
      "show on one screen how the deployment is: health, versions, certificate, token, alarms, database",
    );
  withCommonOptions(withDeploymentOptions(command), EXAMPLES).action(
    run(async (options: DeploymentOptions, context) => {
      const { runStatus } = await import("../status/run-status.ts");
      return await runStatus(options, context);
    }),
  );
}
