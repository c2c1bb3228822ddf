import { type Command, InvalidArgumentError } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { VerifyOptions } from "../verify/options.ts";

const EXAMPLES = [
  "npx turbo verify",
  "npx sealed verify --deployed --report evidence.html",
  "npx sealed verify https://app.example.com --topology nlb-passthrough",
];

const HIGHEST_PORT = 65_535;

/** Adds `sealed verify`. */
export function registerVerify(program: Command, run: Run): void {
  const command = program
    .command("verify")
    .description("look at every hop of a running path, and fail on what its topology does not promise")
    .argument("[url]", "public address (default: the running sandbox, else the deployment)");
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .option("--local", "the running sandbox", false)
    .option("--deployed", "the deployment of infra/sealed.config.ts, although a sandbox runs", false)
    .option("--ca <file>", "PEM file with the only authorities that the certificate may come from")
    .option(
      "--instance <url>",
      "address of an instance behind the load balancer; may be repeated",
      collect,
      [],
    )
    .option(
      "--http-port <port>",
      "port that must not answer in plain HTTP (default: 80 where the URL has 443)",
      port,
    )
    .option("--probe-instances", "let each instance look at what it serves, through Systems Manager", false)
    .option("--report <file>", "write an evidence page, one HTML file; an earlier one is replaced")
    .action((url: string | undefined, options: VerifyOptions) =>
      run(async (given: VerifyOptions, context) => {
        const { runVerify } = await import("../verify/run-verify.ts");
        return await runVerify(given, context);
      })({ ...options, ...(url !== undefined && { url }) }),
    );
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= HIGHEST_PORT) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${HIGHEST_PORT}.`);
}
