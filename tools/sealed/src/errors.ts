import { exitCodeOfStop } from "./stop-signals.ts";

/** Reasons a `SealedError` can carry. */
export type SealedErrorCode =
  | "SEALED_ACCESS_DENIED"
  | "SEALED_ACCOUNT_REFUSED"
  | "SEALED_ARGUMENTS_INVALID"
  | "SEALED_AWS_FAILED"
  | "SEALED_AWS_UNREACHABLE"
  | "SEALED_BACKEND_AUTH_FAILED"
  | "SEALED_BACKEND_AUTH_REFUSED"
  | "SEALED_BUNDLE_FAILED"
  | "SEALED_CREDENTIALS_EXPIRED"
  | "SEALED_CREDENTIALS_MISSING"
  | "SEALED_CREDENTIALS_REFUSED"
  | "SEALED_DEPLOY_FAILED"
  | "SEALED_DESTROY_FAILED"
  | "SEALED_DIFF_FAILED"
  | "SEALED_ENVIRONMENT_MISSING"
  | "SEALED_GROUP_SHARED"
  | "SEALED_INTERRUPTED"
  | "SEALED_KEY_FILE_INVALID"
  | "SEALED_LOAD_BALANCER_MISSING"
  | "SEALED_LOCKDOWN_FAILED"
  | "SEALED_NOT_BOOTSTRAPPED"
  | "SEALED_NOT_READY"
  | "SEALED_PATH_UNSUPPORTED"
  | "SEALED_PRICES_MISSING"
  | "SEALED_PRICES_REFUSED"
  | "SEALED_PRODUCTION_REFUSED"
  | "SEALED_REPORT_REFUSED"
  | "SEALED_SETTINGS_INVALID"
  | "SEALED_STACK_BROKEN"
  | "SEALED_STACK_BUSY"
  | "SEALED_SYNTH_FAILED"
  | "SEALED_THROTTLED";

/** What goes with an error besides its message. */
export interface SealedErrorOptions extends ErrorOptions {
  /** Commands that mend it, in the order in which they are to be run. */
  mend?: readonly string[];
}

/** The error class of this package. Branch on `code`, never on `message`. */
export class SealedError extends Error {
  override readonly name = "SealedError";
  readonly code: SealedErrorCode;
  readonly mend: readonly string[];

  constructor(code: SealedErrorCode, message: string, options: SealedErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.mend = options.mend ?? [];
  }
}

const WRONG_ARGUMENTS: readonly SealedErrorCode[] = [
  "SEALED_ACCOUNT_REFUSED",
  "SEALED_ARGUMENTS_INVALID",
  "SEALED_BACKEND_AUTH_REFUSED",
  "SEALED_GROUP_SHARED",
  "SEALED_KEY_FILE_INVALID",
  "SEALED_PRICES_MISSING",
  "SEALED_PRODUCTION_REFUSED",
  "SEALED_REPORT_REFUSED",
  "SEALED_SETTINGS_INVALID",
];
const OUT_OF_REACH: readonly SealedErrorCode[] = [
  "SEALED_ACCESS_DENIED",
  "SEALED_AWS_FAILED",
  "SEALED_AWS_UNREACHABLE",
  "SEALED_CREDENTIALS_EXPIRED",
  "SEALED_CREDENTIALS_MISSING",
  "SEALED_CREDENTIALS_REFUSED",
  "SEALED_ENVIRONMENT_MISSING",
  "SEALED_LOAD_BALANCER_MISSING",
  "SEALED_NOT_BOOTSTRAPPED",
  "SEALED_THROTTLED",
];

/**
 * Returns the exit code for an error: 2 wrong arguments or settings, 3 AWS could not be used, that of the signal when
 * the command was stopped, else 1.
 */
export function exitCodeFor(error: unknown, stop: AbortSignal): number {
  if (!(error instanceof SealedError)) return 1;
  if (error.code === "SEALED_INTERRUPTED") return exitCodeOfStop(stop);
  if (WRONG_ARGUMENTS.includes(error.code)) return 2;
  return OUT_OF_REACH.includes(error.code) ? 3 : 1;
}

/** Returns what a person should read: sentence and mending commands, or everything of an unexpected error. */
export function explain(error: unknown): string {
  if (!(error instanceof SealedError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return [error.message, ...error.mend.map((command) => `  run: ${command}`)].join("\n");
}
