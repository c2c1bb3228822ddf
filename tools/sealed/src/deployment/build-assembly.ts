import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";
import { REPOSITORY } from "../repository.ts";
import { type Assembly, readAssembly } from "./assembly.ts";
import type { Deployment } from "./read-deployment.ts";

/** Lines of a failed program that are shown. */
const SHOWN_LINES = 30;

/**
 * Builds the app's source bundle and the CloudFormation templates around it, without an account.
 *
 * @throws SealedError SEALED_BUNDLE_FAILED, SEALED_SYNTH_FAILED
 */
export async function buildAssembly(
  deployment: Deployment,
  context: CommandContext,
  directory = context.assemblyDirectory,
): Promise<Assembly> {
  const { topology } = deployment.config;
  // Beside the templates, so that two deployments built side by side cannot take each other's.
  const bundle = join(directory, "source-bundle.zip");
  await mkdir(directory, { recursive: true });
  const lesson = deployment.config.lesson ? ["--lesson"] : [];
  await build(context, {
    title: "build the app",
    code: "SEALED_BUNDLE_FAILED",
    file: join(REPOSITORY, "tools/bundle/src/main.ts"),
    args: [`--topology=${topology}`, ...lesson, `--out=${bundle}`, "--json"],
  });
  await build(context, {
    title: "write the templates",
    code: "SEALED_SYNTH_FAILED",
    file: join(REPOSITORY, "infra/bin/app.ts"),
    args: [...deployment.appArguments, `--bundle=${bundle}`],
    environment: { CDK_OUTDIR: directory },
  });
  return await readAssembly(directory, deployment);
}

interface Build {
  title: string;
  code: "SEALED_BUNDLE_FAILED" | "SEALED_SYNTH_FAILED";
  file: string;
  args: readonly string[];
  environment?: Record<string, string>;
}

async function build(context: CommandContext, { title, code, file, args, environment }: Build) {
  await context.reporter.step(title, async () => {
    const { exitCode, tail } = await context.system.runNode({
      file,
      args,
      environment: { ...context.environment, ...environment },
      signal: context.signal,
    });
    if (context.signal.aborted) throw interrupted(title);
    if (exitCode !== 0) {
      throw new SealedError(code, `could not ${title}:\n${tail.slice(-SHOWN_LINES).join("\n")}`);
    }
  });
}

function interrupted(step: string): SealedError {
  return new SealedError("SEALED_INTERRUPTED", `stopped during "${step}": nothing was changed in AWS`);
}
