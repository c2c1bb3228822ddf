import type { DeploymentOptions } from "../command-options.ts";
import { SealedError } from "../errors.ts";

/** What `sealed verify` was asked for. */
export interface VerifyOptions extends DeploymentOptions {
  url?: string;
  local: boolean;
  deployed: boolean;
  ca?: string;
  instance: readonly string[];
  httpPort?: number;
  probeInstances: boolean;
  report?: string;
}

/** Which path is meant. */
export type Subject = "url" | "sandbox" | "deployment";

/**
 * Returns which path the options mean: what is named, else the sandbox while one runs, else the deployment.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID when they mean more than one, or an option does not go with it.
 */
export function subjectOf(options: VerifyOptions, isSandboxRunning: boolean): Subject {
  const named = [
    ...(options.url === undefined ? [] : (["url"] as const)),
    ...(options.local ? (["sandbox"] as const) : []),
    ...(options.deployed ? (["deployment"] as const) : []),
  ];
  if (named.length > 1) {
    throw invalid("give one of URL, --local and --deployed: each names another path");
  }
  const subject = named[0] ?? (isSandboxRunning ? "sandbox" : "deployment");
  for (const [name, isGiven, belongsTo] of belongings(options)) {
    if (isGiven && !belongsTo.includes(subject)) {
      throw invalid(
        `${name} does not go with ${NAMES[subject]}: it belongs to ${belongsTo.map((one) => NAMES[one]).join(" and ")}`,
      );
    }
  }
  return subject;
}

const NAMES: Readonly<Record<Subject, string>> = {
  url: "a URL",
  sandbox: "the running sandbox",
  deployment: "the deployment",
};

type Belonging = readonly [name: string, isGiven: boolean, belongsTo: readonly Subject[]];

function belongings(options: VerifyOptions): Belonging[] {
  return [
    ["--instance", options.instance.length > 0, ["url"]],
    ["--topology", options.topology !== undefined, ["url", "deployment"]],
    ["--ca", options.ca !== undefined, ["url", "deployment"]],
    ["--http-port", options.httpPort !== undefined, ["url", "sandbox"]],
    ["--probe-instances", options.probeInstances, ["deployment"]],
    ["--preset", options.preset !== undefined, ["deployment"]],
  ];
}

/** Returns the error for arguments that cannot be meant. */
export function invalid(message: string): SealedError {
  return new SealedError("SEALED_ARGUMENTS_INVALID", message);
}
