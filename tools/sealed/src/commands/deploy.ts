import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { DeployOptions } from "../deploy/run-deploy.ts";

const EXAMPLES = ["npx turbo deploy -- --topology nlb-passthrough", "npx sealed deploy --profile my-sandbox"];

/** Adds `sealed deploy`. */
export function registerDeploy(program: Command, run: Run): void {
  const command = program
    .command("deploy")
    .description("build the app, show what would change, and deploy it without asking");
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--production", "allow the production preset", false)
    .option("--despite-problems", "deploy although doctor found what has to be mended first", false)
    .action(
      run(async (options: DeployOptions, context) => {
        const { runDeploy } = await import("../deploy/run-deploy.ts");
        return await runDeploy(options, context);
      }),
    );
}
