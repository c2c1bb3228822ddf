import {
  defaultDirectory,
  ensurePrograms,
  type PrivateCa,
  type Programs,
  type Progress,
  privateCa,
} from "../../tools/servers/src/index.ts";
import type { BenchOptions } from "./options.ts";
import { type Core, type Part, type PartOptions, startPart } from "./part.ts";
import type { Measurement } from "./row.ts";
import { openTemporaryFolder } from "./temporary-folder.ts";

/** Rows that are measured together because they share their rounds. */
export interface RowGroup {
  ids: readonly string[];
  /** Measures the rows that `bench.wants`, and may return others of the group too. */
  measure(bench: Bench): Promise<Measurement[]>;
}

/** What every row works with. */
export interface Bench extends AsyncDisposable {
  readonly rounds: number;
  readonly seconds: number;
  /** Where servers and programs are kept between runs. */
  readonly sandboxDir: string;
  /** Removed at the end of the run, and when a signal ends it. */
  readonly temporaryDir: string;
  readonly versions: Record<string, string>;
  readonly progress: Progress;
  wants(id: string): boolean;
  ca(): Promise<PrivateCa>;
  programs(): Promise<Programs>;
  start<Handlers>(file: string, core: Core, options?: Omit<PartOptions, "core">): Promise<Part<Handlers>>;
}

/** Returns the common ground of one run. */
export async function openBench(
  options: BenchOptions,
  versions: Record<string, string>,
  progress: Progress,
): Promise<Bench> {
  const sandboxDir = defaultDirectory;
  const temporary = await openTemporaryFolder();
  let programs: Promise<Programs> | undefined;
  return {
    rounds: options.rounds,
    seconds: options.seconds,
    sandboxDir,
    temporaryDir: temporary.path,
    versions,
    progress,
    wants: (id) => options.only.length === 0 || options.only.includes(id),
    ca: () => privateCa({ dir: sandboxDir }),
    programs: () => {
      programs ??= ensurePrograms({ dir: sandboxDir, progress }).then((found) => {
        versions[found.server] = found.serverVersion;
        versions.haproxy = found.haproxyVersion;
        return found;
      });
      return programs;
    },
    start: (file, core, more) => startPart(file, { core, ...more }),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}
