import { fileURLToPath } from "node:url";
import type { CommandContext } from "../context.ts";
import type { ChildResult } from "../system.ts";
import type { Deployment } from "./read-deployment.ts";

/** Compares every stack with what is deployed. */
export const DIFF = ["diff"] as const;

/** Deploys every stack, one after the other, and asks nothing. */
export const DEPLOY = ["deploy", "--all", "--require-approval", "never", "--progress", "events"] as const;

/** A run of the CDK's own command on templates that were written before. */
export interface CdkRun {
  args: readonly string[];
  directory: string;
  hasColor?: boolean;
  onLine?: (line: string) => void;
}

/** Runs the CDK's command that the repository pins. */
export async function runCdk(
  run: CdkRun,
  deployment: Deployment,
  context: CommandContext,
): Promise<ChildResult> {
  const { profile, endpointUrl } = deployment;
  return await context.system.runNode({
    file: fileURLToPath(import.meta.resolve("aws-cdk/bin/cdk")),
    args: [
      ...run.args,
      "--app",
      run.directory,
      ...(profile === undefined ? [] : ["--profile", profile]),
      run.hasColor ? "--color" : "--no-color",
      "--no-notices",
    ],
    environment: {
      ...context.environment,
      CDK_DISABLE_CLI_TELEMETRY: "true",
      CDK_DISABLE_VERSION_CHECK: "1",
      // The CDK's command has no option for it.
      ...(endpointUrl !== undefined && { AWS_ENDPOINT_URL: endpointUrl }),
    },
    signal: context.signal,
    ...(run.onLine && { onLine: run.onLine }),
  });
}

const NOT_TEXT = /\p{Extended_Pictographic}|\ufe0f/gu;

/** Returns what the CDK's command gave as its reason to fail, on one line where it says so, else its last lines. */
export function failureOf({ tail }: ChildResult): string {
  const lines = tail.map((line) => stripColor(line));
  const reason = lines.findLast((line) => line.includes("❌") || /^\w*Error: /.test(line));
  const said =
    reason ??
    lines
      .filter((line) => line.trim() !== "")
      .slice(-5)
      .join("\n");
  return said.replaceAll(NOT_TEXT, "").trim();
}

function stripColor(line: string): string {
  return line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
}
