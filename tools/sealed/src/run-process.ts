import { join } from "node:path";
import { outliveReader, terminalOf } from "@sealed/console/terminal";
import { runCli } from "./cli.ts";
import { REPOSITORY } from "./repository.ts";
import { stopSignals } from "./stop-signals.ts";
import { type Environment, realSystem } from "./system.ts";
import { callersDirectory } from "./working-directory.ts";

/** Runs the command of this process, on its terminal, and returns its exit code. */
export async function runProcess(environment: Environment): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) outliveReader(stream);
  return await runCli(process.argv.slice(2), {
    terminal: terminalOf(process.stdout, environment),
    errors: process.stderr,
    environment,
    system: realSystem(),
    workingDirectory: callersDirectory(environment, process.cwd()),
    assemblyDirectory: join(REPOSITORY, "infra/cdk.out"),
    sandboxDirectory: join(REPOSITORY, ".sandbox"),
    signal: stopSignals(),
    loadSettings: async () => (await import("@sealed/infra/settings")).settings,
    verifyDeployment: async (...args) =>
      (await import("./verify/verify-deployment.ts")).verifyDeployment(...args),
  });
}
