import { readFile } from "node:fs/promises";
import { machineTargets } from "./apt.ts";
import { hasOwnCompiler } from "./compiler.ts";
import { requireTools } from "./required-tools.ts";
import { choosePackageSource, readOperatingSystem, type ServerKind } from "./suites.ts";

/** What a machine has for `ensurePrograms`. */
export interface MachineSurvey {
  /** The release that the server would be taken from, such as "sid" or "noble". */
  suite: string;
  /** Whether a C compiler is there; without one a small one is unpacked beside the servers. */
  hasCompiler: boolean;
}

/**
 * Says whether `ensurePrograms` would find what it needs, and fetches nothing.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM, SERVERS_PACKAGES_UNAVAILABLE or SERVERS_COMMAND_FAILED, as it would.
 */
export async function surveyMachine(server: ServerKind = "mysql"): Promise<MachineSurvey> {
  await requireTools();
  const system = readOperatingSystem(await readFile("/etc/os-release", "utf8"));
  const [targets, hasCompiler] = await Promise.all([machineTargets(), hasOwnCompiler()]);
  return { suite: choosePackageSource(system, targets, server).suite, hasCompiler };
}
