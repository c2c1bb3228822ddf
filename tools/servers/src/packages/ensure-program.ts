import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Program } from "../process/index.ts";
import { machineTargets } from "./apt.ts";
import { exclusively } from "./exclusive.ts";
import type { Progress } from "./progress.ts";
import { requireTools } from "./required-tools.ts";
import { choosePackageSource, readOperatingSystem } from "./suites.ts";
import { openTree, pathExists, treeProgram } from "./tree.ts";
import { unpackPackages } from "./unpack.ts";

/** Settings of `ensureProgram`. */
export interface EnsureProgramOptions {
  /** Holds all state of the local servers, for instance `.sandbox` at the root of the repository. */
  dir: string;
  /** Package of the machine's own release, such as "nginx". */
  packageName: string;
  /** Where the package keeps the program, such as "usr/sbin/nginx". */
  path: string;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Returns a program of one more package and the folder it was unpacked into, fetched with apt at the first call and
 * reused afterwards. Needs no root, installs nothing, and may be called by two processes at once.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM, SERVERS_PACKAGES_UNAVAILABLE or SERVERS_PROGRAM_DOES_NOT_RUN.
 */
export async function ensureProgram(
  options: EnsureProgramOptions,
): Promise<{ program: Program; root: string }> {
  const { packageName, progress = () => undefined, signal } = options;
  const packages = join(resolve(options.dir), "packages");
  const folder = join(packages, `${packageName}-only`);
  const root = join(folder, "root");
  await requireTools();
  await exclusively(
    `${folder}.lock`,
    async () => {
      if (await pathExists(root)) return;
      const system = readOperatingSystem(await readFile("/etc/os-release", "utf8"));
      // MariaDB's source is the machine's own release, which is what is wanted here.
      const own = choosePackageSource(system, await machineTargets(), "mariadb");
      const source = { ...own, serverPackages: [packageName] };
      await unpackPackages(folder, { source, packages: [], progress, ...(signal && { signal }) });
    },
    { progress, signal },
  );
  return { program: treeProgram(await openTree(root), options.path), root };
}
