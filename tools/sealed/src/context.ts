import type { Reporter } from "@sealed/console";
import type { DeploymentSettings } from "@sealed/infra/config";
import type { Environment, System } from "./system.ts";
import type { verifyDeployment } from "./verify/verify-deployment.ts";

/** What a command works with. */
export interface CommandContext {
  reporter: Reporter;
  /** Lines may carry colour. */
  hasColor: boolean;
  environment: Environment;
  system: System;
  /** The command as it can be typed again, with all of its options. */
  call: string;
  /** What relative paths on the command line are meant from. */
  workingDirectory: string;
  /** Where templates go unless told otherwise. */
  assemblyDirectory: string;
  /** Where `npm start` keeps what it runs. */
  sandboxDirectory: string;
  /** Aborted by the first signal to stop. */
  signal: AbortSignal;
  /** Returns what is deployed and where, from infra/sealed.config.ts. */
  loadSettings(): Promise<DeploymentSettings>;
  /** Judges the hops of what was just deployed. */
  verifyDeployment: typeof verifyDeployment;
}

/** What came of a command. */
export interface Outcome {
  /** 0 all well, 1 the verdict is negative, 3 something could not be looked at. */
  exitCode: 0 | 1 | 3;
  /** What a person reads at the end. */
  summary: readonly string[];
  /** What `--json` prints. */
  document: Readonly<Record<string, unknown>>;
}
