import type { Command } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { GroupOptions } from "../security-groups/survey-for.ts";

const EXAMPLES = [
  "npx turbo audit",
  "npx sealed audit --load-balancer my-balancer --keep sgr-0123456789abcdef0 --json",
];

/** Adds `sealed audit`. */
export function registerAudit(program: Command, run: Run): void {
  const command = program
    .command("audit")
    .description("judge every rule of the security groups behind the load balancer, and change nothing");
  withGroupOptions(withCommonOptions(withDeploymentOptions(command), EXAMPLES)).action(
    run(async (options: GroupOptions, context) => {
      const { runAudit } = await import("../audit/run-audit.ts");
      return await runAudit(options, context);
    }),
  );
}

/** Adds what says whose groups are meant, and what of them stays. */
export function withGroupOptions(command: Command): Command {
  return command
    .option("--environment <name>", "Elastic Beanstalk environment (default: that of the deployment)")
    .option("--load-balancer <name>", "load balancer, by name or ARN, in place of an environment's")
    .option("--keep <ids...>", "rules that stay, although they are less restrictive", [])
    .option("--shared <ids...>", "groups that may be judged and changed, although others use them", [])
    .option(
      "--clients <ranges...>",
      "who may connect behind a load balancer without a group (default: who may now)",
    )
    .option("--ingress-only", "leave out what instances may send", false);
}
