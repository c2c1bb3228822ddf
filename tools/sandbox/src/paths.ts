import { join, resolve } from "node:path";

/** The root of the clone that this file belongs to. */
export const repositoryDirectory: string = resolve(import.meta.dirname, "..", "..", "..");

/** Where a sandbox keeps what. */
export interface SandboxPaths {
  /** Everything below; `npm run reset` removes it. */
  directory: string;
  /** What other programs read while the path is up. */
  stateFile: string;
  /** Which process supervises; it is there from the first moment to the last. */
  recordFile: string;
  /** Data of the databases; survives a stop. */
  data: string;
  /** The app's key pair that a classic load balancer pins; survives a stop. */
  pinned: string;
  logs: string;
  /** Files of the parts that run now. */
  run: string;
}

/** Returns the files of a sandbox in `directory`, normally `.sandbox` at the root of the clone. */
export function sandboxPaths(directory: string): SandboxPaths {
  return {
    directory,
    stateFile: join(directory, "state.json"),
    recordFile: join(directory, "supervisor.json"),
    data: join(directory, "data"),
    pinned: join(directory, "pinned"),
    logs: join(directory, "logs"),
    run: join(directory, "run"),
  };
}

/** Returns the log file of one part, by its name. */
export function logFile(paths: SandboxPaths, part: string): string {
  return join(paths.logs, `${part}.log`);
}
