import { DbError } from "@sealed/db";
import { ServersError } from "@sealed/servers";

/** Reasons a `SandboxError` can carry. */
export type SandboxErrorCode =
  | "SANDBOX_BAD_ARGUMENT"
  | "SANDBOX_ALREADY_RUNNING"
  | "SANDBOX_INTERRUPTED"
  | "SANDBOX_NOT_READY"
  | "SANDBOX_PART_ENDED"
  | "SANDBOX_PORT_TAKEN"
  | "SANDBOX_STOP_FAILED"
  | "SANDBOX_UNSUPPORTED_SYSTEM";

/** The error class of this package. Branch on `code`, never on `message`. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const WRONG_ARGUMENTS = 2;
const ENVIRONMENT_OUT_OF_REACH = 3;
const ENVIRONMENT_CODES: readonly string[] = [
  "SANDBOX_PORT_TAKEN",
  "SANDBOX_UNSUPPORTED_SYSTEM",
  "SERVERS_PORT_TAKEN",
  "SERVERS_UNSUPPORTED_SYSTEM",
  "SERVERS_PACKAGES_UNAVAILABLE",
  "SERVERS_PROGRAM_DOES_NOT_RUN",
];

/** What a call on a file says that failed for a reason that lies in the machine, not in this program. */
const MACHINE_REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not; give it the folder, or clone the repository anew as this user",
  EDQUOT: "this user's quota of the disk is used up; make room",
  EMFILE: 'too many files are open; raise the limit with "ulimit -n"',
  ENOSPC: "the disk is full; make room, about 1 GB",
  ENOTDIR: "a file stands where a folder is needed; move it away",
  EPERM: "this user may not; give it the folder, or clone the repository anew as this user",
  EROFS: "its file system is read-only; clone the repository to one that can be written",
};

/** Returns the exit code for an error: 2 wrong arguments, 3 the machine does not offer what is needed, else 1. */
export function exitCodeFor(error: unknown): number {
  if (machineReason(error) !== undefined) return ENVIRONMENT_OUT_OF_REACH;
  if (!(error instanceof SandboxError || error instanceof ServersError)) return 1;
  if (error.code === "SANDBOX_BAD_ARGUMENT") return WRONG_ARGUMENTS;
  return ENVIRONMENT_CODES.includes(error.code) ? ENVIRONMENT_OUT_OF_REACH : 1;
}

/** Returns what a person should read: the message of an expected error, everything of an unexpected one. */
export function explain(error: unknown): string {
  const isExpected = [SandboxError, ServersError, DbError].some((kind) => error instanceof kind);
  if (isExpected) return (error as Error).message;
  const reason = machineReason(error);
  if (reason !== undefined) return reason;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function machineReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  const reason = MACHINE_REASONS[code];
  // A full disk is noticed by a write, which knows no path; other calls than those on files have other reasons.
  if (reason === undefined || (path === undefined && syscall !== "write")) return undefined;
  return `cannot use ${path ?? "the disk"}: ${reason} (${code})`;
}
