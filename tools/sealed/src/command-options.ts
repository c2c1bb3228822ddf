import type { DeploymentSettings } from "@sealed/infra/config";
import { type Topology, topologyNames } from "@sealed/infra/topologies";
import { type Command, Option } from "commander";
import type { CommandContext, Outcome } from "./context.ts";

/** Options that every command takes. */
export interface CommonOptions {
  region?: string;
  profile?: string;
  /** Where the services of an AWS-compatible cloud are. */
  endpointUrl?: string;
  json: boolean;
}

/** Options that say which deployment is meant, where it is not the one of infra/sealed.config.ts. */
export interface DeploymentOptions extends CommonOptions {
  topology?: Topology;
  preset?: DeploymentSettings["preset"];
  lesson?: true;
}

/** Makes the action of a command from its work. */
export type Run = <Options extends CommonOptions>(
  work: (options: Options, context: CommandContext) => Promise<Outcome>,
) => (options: Options) => Promise<void>;

const PRESETS = ["sandbox", "production"] as const satisfies readonly DeploymentSettings["preset"][];

/** Adds what every command takes, and its examples. */
export function withCommonOptions(command: Command, examples: readonly string[]): Command {
  return command
    .option("--region <region>", "AWS Region (default: the one of infra/sealed.config.ts)")
    .option("--profile <name>", "profile of the AWS configuration files (default: AWS_PROFILE)")
    .option(
      "--endpoint-url <url>",
      "where all calls go, on an AWS-compatible cloud (default: AWS_ENDPOINT_URL, else AWS)",
    )
    .option("--json", "print one JSON document on standard output, everything else on standard error", false)
    .addHelpText("after", exampleText(examples));
}

/** Returns examples as they stand below a command's help. */
export function exampleText(examples: readonly string[]): string {
  return `\nExample:\n${examples.map((example) => `  $ ${example}`).join("\n")}`;
}

/** Adds what says which deployment is meant. */
export function withDeploymentOptions(command: Command): Command {
  const topology = new Option("--topology <name>", "which load balancer stands in front of the app");
  const preset = new Option("--preset <name>", "how much of everything there is");
  return command
    .addOption(topology.choices(topologyNames))
    .addOption(preset.choices(PRESETS))
    .option("--lesson", "allow the topology that leaves a hop open");
}
