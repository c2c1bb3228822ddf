import { type Command, Option } from "commander";
import { type Run, withCommonOptions, withDeploymentOptions } from "../command-options.ts";
import type { DoctorOptions } from "../doctor/run-doctor.ts";

const EXAMPLES = ["npx turbo doctor", "npx sealed doctor --aws --json"];

/** Adds `sealed doctor`. */
export function registerDoctor(program: Command, run: Run): void {
  const command = program
    .command("doctor")
    .description(
      "look at this machine and the AWS account before anything else, and say what mends what is wrong",
    );
  const aws = new Option("--aws", "call missing credentials a problem (default: look where there are some)");
  withCommonOptions(withDeploymentOptions(command), EXAMPLES)
    .addOption(aws.conflicts("local"))
    .option("--local", "look at this machine only", false)
    .action(
      run(async (options: DoctorOptions, context) => {
        const { runDoctor } = await import("../doctor/run-doctor.ts");
        return await runDoctor(options, context);
      }),
    );
}
