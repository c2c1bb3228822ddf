import { join } from "node:path";
import { REPOSITORY } from "./repository.ts";
import type { Environment } from "./system.ts";

/** Where npm and turbo start the scripts of this package, whoever calls them from wherever. */
const WORKSPACE = join(REPOSITORY, "tools/sealed");

/**
 * Returns the folder that relative paths on the command line are meant from: where the person is who typed them.
 *
 * Turbo 2.11 leaves that folder in `TURBO_INVOCATION_DIR`, npm in `INIT_CWD`, which turbo sets to the workspace.
 *
 * @param startedIn - Where the process was started.
 * @see https://docs.npmjs.com/cli/v11/using-npm/scripts#best-practices
 */
export function callersDirectory(environment: Environment, startedIn: string): string {
  if (startedIn !== WORKSPACE) return startedIn;
  return environment.TURBO_INVOCATION_DIR ?? environment.INIT_CWD ?? startedIn;
}
