import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { ServersError } from "../errors.ts";
import { AptFolder } from "./apt.ts";
import { runCommand } from "./command.ts";
import type { Progress } from "./progress.ts";
import type { PackageSource } from "./suites.ts";

// They are depended on by install scripts only, which are never run here.
const NOT_NEEDED =
  /^(adduser|base-passwd|debconf|login\.defs|lsb-base|passwd|perl.*|libperl.*|sysvinit-utils)_/;
const NOT_READ = ["usr/share/doc", "usr/share/locale", "usr/share/man", "usr/share/lintian"];
const DRAFT_SUFFIX = ".partial-";
const PROGRESS_STEP_PERCENT = 25;

/** Settings of one unpacking. */
export interface UnpackOptions {
  source: PackageSource;
  /** Packages wanted beside the database server. */
  packages: readonly string[];
  progress: Progress;
  signal?: AbortSignal;
}

/**
 * Fetches packages with all their dependencies and unpacks them into `folder`, which exists only when it is whole.
 *
 * @throws ServersError SERVERS_PACKAGES_UNAVAILABLE when a package cannot be had.
 */
export async function unpackPackages(folder: string, options: UnpackOptions): Promise<void> {
  await removeDrafts(folder);
  const draft = await mkdtemp(folder + DRAFT_SUFFIX);
  await mkdir(join(draft, "root"));
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const apt = await AptFolder.create(join(draft, "apt"), options.source.sources, signal);
  const names = [await serverPackage(apt, options), ...options.packages];
  const archives = await apt.download(names, reportDownload(options.progress));
  await unpackAll(archives, join(draft, "root"), options);
  await apt.remove();
  await writeFile(join(draft, "packages.txt"), `${options.source.suite}: ${names.join(" ")}\n`);
  await rename(draft, folder);
}

/** Removes what interrupted runs left. Nobody works on it any more: the caller holds the lock. */
async function removeDrafts(folder: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    if (name.startsWith(basename(folder) + DRAFT_SUFFIX)) {
      // A killed run's tar may still write the rest of one package.
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

async function serverPackage(apt: AptFolder, { source, progress }: UnpackOptions): Promise<string> {
  progress(`reading what "${source.suite}" has`);
  await apt.update(progress);
  const name = await apt.firstKnown(source.serverPackages);
  if (name !== undefined) return name;
  throw new ServersError(
    "SERVERS_PACKAGES_UNAVAILABLE",
    `"${source.suite}" has none of the packages ${source.serverPackages.join(", ")}`,
  );
}

function reportDownload(progress: Progress): (fetched: number, total: number, percent: number) => void {
  let next = 0;
  return (fetched, total, percent) => {
    if (percent < next) return;
    next = percent - (percent % PROGRESS_STEP_PERCENT) + PROGRESS_STEP_PERCENT;
    progress(`fetching package ${fetched} of ${total} (${Math.floor(percent)} %)`);
  };
}

async function unpackAll(archives: string, root: string, { progress, signal }: UnpackOptions): Promise<void> {
  const files = (await readdir(archives)).filter((file) => file.endsWith(".deb") && !NOT_NEEDED.test(file));
  progress(`unpacking ${files.length} packages`);
  const queue = files.values();
  const worker = async () => {
    for (const file of queue) {
      await runCommand("dpkg", ["-x", join(archives, file), root], signal === undefined ? {} : { signal });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  await Promise.all(NOT_READ.map((path) => rm(join(root, path), { recursive: true, force: true })));
}
