import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { machineTargets } from "./apt.ts";
import { buildPlugin } from "./build-plugin.ts";
import { COMPILER_PACKAGES } from "./compiler.ts";
import { exclusively } from "./exclusive.ts";
import { insistOn, preferMysql } from "./prefer-mysql.ts";
import { findPrograms, type Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import { requireTools } from "./required-tools.ts";
import { choosePackageSource, readOperatingSystem, type ServerKind } from "./suites.ts";
import { pathExists } from "./tree.ts";
import { unpackPackages } from "./unpack.ts";

// Part of the folder's name: a change of what is unpacked makes a new folder.
const RECIPE = 2;
// The headers are for the server plugin, which must be compiled against the OpenSSL that the server runs with.
const PACKAGES = ["haproxy", "libssl-dev", ...COMPILER_PACKAGES];
const REASON_FILE = "why-mariadb.txt";

/** Settings of `ensurePrograms`. */
export interface EnsureProgramsOptions {
  /** Holds all state of the local servers, for instance `.sandbox` at the root of the repository. */
  dir: string;
  /** Absent: MySQL, and MariaDB where MySQL cannot be had. */
  server?: ServerKind;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Returns the database server, HAProxy and the compiled plugin, unpacked with apt into `dir/packages` at the first
 * call and reused afterwards. Needs no root, installs nothing, and may be called by two processes at once.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM, SERVERS_PACKAGES_UNAVAILABLE, SERVERS_PROGRAM_DOES_NOT_RUN,
 * SERVERS_PLUGIN_BUILD_FAILED or SERVERS_COMMAND_FAILED; AbortError when `signal` fires.
 */
export async function ensurePrograms(options: EnsureProgramsOptions): Promise<Programs> {
  const { server, signal, progress = () => undefined } = options;
  const folder = join(resolve(options.dir), "packages");
  const reasonFile = join(folder, REASON_FILE);
  const prepare = (kind: ServerKind) =>
    prepareServer(kind, { folder, progress, ...(signal === undefined ? {} : { signal }) });
  await requireTools();
  return await exclusively(
    join(folder, "lock"),
    () =>
      server === undefined
        ? preferMysql(prepare, reasonFile, progress)
        : insistOn(prepare, server, reasonFile),
    { progress, signal },
  );
}

interface Job {
  folder: string;
  progress: Progress;
  signal?: AbortSignal;
}

async function prepareServer(server: ServerKind, job: Job): Promise<Programs> {
  const folder = join(job.folder, `${server}-${RECIPE}`);
  const root = join(folder, "root");
  if (!(await pathExists(root))) await unpack(server, folder, job);
  const { tree, ...programs } = await findPrograms(root, server);
  const pluginFile = await buildPlugin(tree, programs.pluginFolder, server, job.progress);
  return { ...programs, pluginFile };
}

async function unpack(server: ServerKind, folder: string, job: Job): Promise<void> {
  const system = readOperatingSystem(await readFile("/etc/os-release", "utf8"));
  const source = choosePackageSource(system, await machineTargets(), server);
  await unpackPackages(folder, { ...job, source, packages: PACKAGES });
}
