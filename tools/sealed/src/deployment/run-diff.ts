import { errorInText } from "../aws/explain-error.ts";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { SealedError } from "../errors.ts";
import { guardAccount } from "./account-guard.ts";
import type { Assembly } from "./assembly.ts";
import { checkBootstrap, checkBootstrapVersion } from "./bootstrap.ts";
import { buildAssembly } from "./build-assembly.ts";
import { DIFF, failureOf, runCdk } from "./cdk.ts";
import { type Deployment, guardRegion, readDeployment } from "./read-deployment.ts";

/** What `sealed diff` was asked for. */
export interface DiffOptions extends DeploymentOptions {
  fail: boolean;
}

/** What differs between the templates and what is deployed. */
export interface Difference {
  stacks: number;
  text: string;
}

/** Shows what a deployment would change. */
export async function runDiff(options: DiffOptions, context: CommandContext): Promise<Outcome> {
  const deployment = await readDeployment(options, context);
  guardRegion(deployment);
  await guardAccount(deployment, context);
  const bootstrap = await checkBootstrap(deployment, context);
  const assembly = await buildAssembly(deployment, context);
  checkBootstrapVersion(bootstrap, assembly, deployment);
  const { stacks, text } = await showDifference(assembly, deployment, context);
  return {
    exitCode: options.fail && stacks > 0 ? 1 : 0,
    summary: [stacks === 0 ? "nothing differs" : `stacks that differ: ${stacks}`],
    document: { command: "diff", differingStacks: stacks, text },
  };
}

/**
 * Shows what differs, in the words of the CDK's command.
 *
 * @throws SealedError SEALED_DIFF_FAILED, or what AWS said.
 */
export async function showDifference(
  { directory }: Assembly,
  deployment: Deployment,
  context: CommandContext,
): Promise<Difference> {
  const { reporter, hasColor } = context;
  const lines: string[] = [];
  const result = await reporter.step("compare with what is deployed", () =>
    runCdk({ args: DIFF, directory, hasColor, onLine: (line) => lines.push(line) }, deployment, context),
  );
  const text = lines.join("\n");
  const count = /Number of stacks with differences: (\d+)/.exec(text)?.[1];
  if (context.signal.aborted) {
    throw new SealedError("SEALED_INTERRUPTED", "stopped while comparing: nothing was changed in AWS");
  }
  if (result.exitCode !== 0 || count === undefined) {
    const reason = failureOf(result);
    throw (
      errorInText(reason, deployment) ??
      new SealedError("SEALED_DIFF_FAILED", `the templates could not be compared: ${reason}`)
    );
  }
  reporter.line(text);
  return { stacks: Number(count), text };
}
