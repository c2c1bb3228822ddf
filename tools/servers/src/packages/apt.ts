import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import { type CommandOptions, type CommandResult, lastLines, runCommand, tryCommand } from "./command.ts";
import type { Progress } from "./progress.ts";
import type { IndexTarget } from "./suites.ts";

const ERROR_LINES = 4;
const WRONG_DATE = /^E: Release file .* is (expired|not valid yet)/m;
const TARGET_FORMAT = "$(REPO_URI) $(RELEASE) $(COMPONENT)";

/**
 * Returns what the machine's own apt is set up to read, whether it has ever read it or not.
 *
 * @param aptOptions - Settings of apt that differ from the machine's, for tests: "Dir::State::lists=/folder".
 * @throws ServersError SERVERS_COMMAND_FAILED when apt cannot read its own settings.
 */
export async function machineTargets(aptOptions: readonly string[] = []): Promise<IndexTarget[]> {
  const list = await runCommand("apt-get", [
    ...aptOptions.flatMap((option) => ["-o", option]),
    "indextargets",
    // Container images come without package lists; without this, apt names only indexes that it has fetched.
    "--no-release-info",
    "--format",
    TARGET_FORMAT,
    "Created-By: Packages",
  ]);
  return list
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([uri, release, component]) =>
      uri && release && component ? [{ uri, release, component }] : [],
    );
}

/** Returns dpkg's name for this machine's architecture: "amd64", "arm64". */
async function machineArchitecture(): Promise<string> {
  return (await runCommand("dpkg", ["--print-architecture"])).trim();
}

/** An apt of its own in a folder: it needs no root and never touches the machine's state. */
export class AptFolder {
  readonly #folder: string;
  readonly #options: CommandOptions;

  private constructor(folder: string, options: CommandOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Returns an apt that reads only `sources`, keeps all it fetches in `folder`, and thinks nothing is installed. */
  static async create(
    folder: string,
    sources: readonly string[],
    options: CommandOptions = {},
  ): Promise<AptFolder> {
    await mkdir(join(folder, "lists", "partial"), { recursive: true });
    await mkdir(join(folder, "archives", "partial"), { recursive: true });
    // No installed package: apt then resolves every dependency, down to the C library and its loader.
    await writeFile(join(folder, "status"), "");
    await writeFile(join(folder, "sources.list"), `${sources.join("\n")}\n`);
    await writeFile(join(folder, "apt.conf"), configuration(folder, await machineArchitecture()));
    return new AptFolder(folder, options);
  }

  /**
   * Fetches the package indexes and checks their signatures.
   *
   * A mirror that is days behind serves an index past its date, as does a machine with a wrong clock. It is taken all
   * the same, with a line that says so: every package in it is signed for, only maybe not the newest, and what is
   * unpacked serves this machine alone.
   *
   * @throws ServersError SERVERS_PACKAGES_UNAVAILABLE.
   */
  async update(progress: Progress): Promise<void> {
    const update = ["update", "-q", "-o", "APT::Update::Error-Mode=any"];
    const { code, stderr } = await this.#run("apt-get", update);
    if (code === 0) return;
    if (!WRONG_DATE.test(stderr)) throw unavailable("apt-get update", stderr);
    progress("the date of the mirror's index is not right by this machine's clock; its signature is checked");
    // Leaves out the dates, and nothing else: https://manpages.debian.org/stable/apt/apt.conf.5.en.html
    const again = await this.#run("apt-get", [...update, "-o", "Acquire::Check-Date=false"]);
    if (again.code !== 0) throw unavailable("apt-get update", again.stderr);
  }

  /** Returns the first of the names that the sources know, or undefined. */
  async firstKnown(names: readonly string[]): Promise<string | undefined> {
    for (const name of names) {
      const { code } = await this.#run("apt-cache", ["show", name]);
      if (code === 0) return name;
    }
    return undefined;
  }

  /**
   * Fetches packages with all they depend on, checks them against the signed indexes, and returns their folder.
   *
   * @param onStatus - Receives the number of the package, of all packages, and the percentage of all bytes.
   */
  async download(
    names: readonly string[],
    onStatus: (fetched: number, total: number, percent: number) => void,
  ): Promise<string> {
    const { code, stderr } = await this.#run(
      "apt-get",
      ["install", "-q", "--yes", "--download-only", "-o", "APT::Status-Fd=1", ...names],
      // https://salsa.debian.org/apt-team/apt/-/blob/main/README.progress-reporting
      (line) => {
        const [, percent, fetched, total] =
          /^dlstatus:\d+:([\d.]+):\D*(\d+)\D+(\d+)/.exec(line)?.map(Number) ?? [];
        if (percent !== undefined && fetched !== undefined && total !== undefined) {
          onStatus(fetched, total, percent);
        }
      },
    );
    if (code !== 0) throw unavailable("apt-get install --download-only", stderr);
    return join(this.#folder, "archives");
  }

  /** Removes everything that was fetched. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs in English, whatever the machine speaks: what apt says is looked into. */
  async #run(
    command: string,
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<CommandResult> {
    const all = ["LC_ALL=C.UTF-8", command, "-c", join(this.#folder, "apt.conf"), ...args];
    return await tryCommand("env", all, { ...this.#options, ...(onLine === undefined ? {} : { onLine }) });
  }
}

function unavailable(command: string, stderr: string): ServersError {
  return new ServersError(
    "SERVERS_PACKAGES_UNAVAILABLE",
    `"${command}" failed: ${lastLines(stderr, ERROR_LINES)}`,
  );
}

/**
 * Read after the machine's own settings, which therefore stay in force where nothing is said here: proxies
 * and credentials for a mirror.
 */
function configuration(folder: string, architecture: string): string {
  return `
// The machine's hooks are meant for its own package system.
#clear APT::Update;
#clear DPkg;
#clear APT::Architectures;
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
Dir::State "${folder}";
Dir::State::lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}";
Dir::Cache::archives "${folder}/archives";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Check-Date "true";
Acquire::Check-Valid-Until "true";
// What is fetched here is run: a machine that lets unsigned packages in does so for itself alone.
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
// The user _apt, whom root's apt becomes, may not enter this folder.
APT::Sandbox::User "";
`;
}
