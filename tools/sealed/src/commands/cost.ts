import { type Command, InvalidArgumentError } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { CostOptions } from "../cost/run-cost.ts";
import { DEFAULT_USAGE } from "../cost/usage.ts";

const EXAMPLES = [
  "npx turbo cost",
  "npx sealed cost --preset production --gb-out 500 --requests 20",
  "npx sealed cost --compare sandbox production production/nlb-passthrough",
];

/** Adds `sealed cost`. */
export function registerCost(program: Command, run: Run): void {
  const command = program
    .command("cost")
    .description(
      "say what a deployment costs, what drives it, and what other settings would change; needs no account",
    );
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--gb-out <gb>", "GB a month that clients receive", amount, DEFAULT_USAGE.gbOut)
    .option("--requests <millions>", "millions of requests a month", amount, DEFAULT_USAGE.requests)
    .option(
      "--logs-gb <gb>",
      "GB of logs a month, of app, database and platform",
      amount,
      DEFAULT_USAGE.logsGb,
    )
    .option(
      "--flow-logs-gb <gb>",
      "GB of flow logs and logs of the web ACL a month",
      amount,
      DEFAULT_USAGE.flowLogsGb,
    )
    .option(
      "--egress-gb <gb>",
      "GB a month between instances and AWS's services, S3 left out",
      amount,
      DEFAULT_USAGE.egressGb,
    )
    .option("--compare [what...]", "put presets, topologies, or both with a slash, side by side")
    .option(
      "--refresh",
      "ask AWS for the prices of the Region, and write them into tools/sealed/prices.json",
      false,
    )
    .action(
      run(async (options: CostOptions, context) => {
        const { runCost } = await import("../cost/run-cost.ts");
        return await runCost(options, context);
      }),
    );
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number, 0 or more.");
}
