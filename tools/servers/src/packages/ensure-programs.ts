import { access, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ServersError } from "../errors.ts";
import { machineTargets } from "./apt.ts";
import { buildPlugin } from "./build-plugin.ts";
import { exclusively } from "./exclusive.ts";
import { findPrograms, type Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import { choosePackageSource, readOperatingSystem, type ServerKind, unsupportedSystem } from "./suites.ts";
import { unpackPackages } from "./unpack.ts";

// Part of the folder's name: a change of what is unpacked makes a new folder.
const RECIPE = 1;
// The headers are for the server plugin, which must be compiled against the OpenSSL that the server runs with.
const PACKAGES = ["haproxy", "libssl-dev"];

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
 * SERVERS_PLUGIN_BUILD_FAILED or SERVERS_COMMAND_FAILED.
 */
export async function ensurePrograms(options: EnsureProgramsOptions): Promise<Programs> {
  const job: Job = {
    folder: join(resolve(options.dir), "packages"),
    progress: options.progress ?? (() => undefined),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { server } = options;
  return await exclusively(
    join(job.folder, "lock"),
    () => (server === undefined ? prepareEither(job) : prepare(job, server)),
    job.progress,
  );
}

interface Job {
  folder: string;
  progress: Progress;
  signal?: AbortSignal;
}

async function prepareEither(job: Job): Promise<Programs> {
  // Kept, so that a machine that cannot have MySQL does not ask its mirror again at each start.
  const reasonFile = join(job.folder, "why-mariadb.txt");
  const kept = await readFile(reasonFile, "utf8").catch(() => undefined);
  if (kept !== undefined) return { ...(await prepare(job, "mariadb")), fallbackReason: kept };
  try {
    return await prepare(job, "mysql");
  } catch (error) {
    const fallbackReason = reasonToFallBack(error);
    if (fallbackReason === undefined) throw error;
    job.progress(`MySQL cannot be had here (${fallbackReason}); using MariaDB`);
    const programs = await prepare(job, "mariadb");
    await writeFile(reasonFile, fallbackReason);
    return { ...programs, fallbackReason };
  }
}

function reasonToFallBack(error: unknown): string | undefined {
  const isReason =
    error instanceof ServersError &&
    (error.code === "SERVERS_PACKAGES_UNAVAILABLE" || error.code === "SERVERS_PROGRAM_DOES_NOT_RUN");
  return isReason ? error.message : undefined;
}

async function prepare(job: Job, server: ServerKind): Promise<Programs> {
  const folder = join(job.folder, `${server}-${RECIPE}`);
  const root = join(folder, "root");
  if (!(await exists(root))) await unpack(job, server, folder);
  const { tree, ...programs } = await findPrograms(root, server);
  const pluginFile = await buildPlugin(tree, programs.pluginFolder, server, job.progress);
  return { ...programs, pluginFile };
}

async function unpack(job: Job, server: ServerKind, folder: string): Promise<void> {
  const targets = await machineTargets().catch((error: unknown) => {
    throw unsupportedSystem("there is no apt-get on this machine", { cause: error });
  });
  const system = readOperatingSystem(await readFile("/etc/os-release", "utf8"));
  const source = choosePackageSource(system, targets, server);
  await unpackPackages(folder, { ...job, source, packages: PACKAGES });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
