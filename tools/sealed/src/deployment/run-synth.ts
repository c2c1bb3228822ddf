import { relative, resolve } from "node:path";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { REPOSITORY } from "../repository.ts";
import { buildAssembly } from "./build-assembly.ts";
import { guardRegion, readDeployment } from "./read-deployment.ts";

/** What `sealed synth` was asked for. */
export interface SynthOptions extends DeploymentOptions {
  out?: string;
}

/** Builds the app and writes the templates; calls nothing in AWS. */
export async function runSynth(options: SynthOptions, context: CommandContext): Promise<Outcome> {
  const deployment = await readDeployment(options, context);
  guardRegion(deployment);
  const { account, topology, presetName: preset } = deployment.config;
  const { assemblyDirectory, workingDirectory } = context;
  const directory = options.out === undefined ? assemblyDirectory : resolve(workingDirectory, options.out);
  const { templates } = await buildAssembly(deployment, context, directory);
  const stacks = [...templates].map(([name, { Resources }]) => ({
    name,
    resources: Object.keys(Resources).length,
  }));
  const { region } = deployment;
  return {
    exitCode: 0,
    summary: [
      `${topology}, ${preset}, for account ${account} in ${region}: ${shown(directory)}`,
      ...stacks.map(({ name, resources }) => `  ${name}  ${resources} resources`),
    ],
    document: { command: "synth", account, region, preset, topology, directory, stacks },
  };
}

/** Turbo starts the command in a folder of its own, which is nobody's point of view. */
function shown(directory: string): string {
  const path = relative(REPOSITORY, directory);
  return path.startsWith("..") ? directory : path;
}
