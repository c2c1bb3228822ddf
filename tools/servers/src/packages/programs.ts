import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import type { Program } from "../process/index.ts";
import { lastLines, tryCommand } from "./command.ts";
import type { ServerKind } from "./suites.ts";
import { openTree, type PackageTree, pathExists, treeProgram } from "./tree.ts";

/** The unpacked servers, ready to be run. */
export interface Programs {
  server: ServerKind;
  /** "9.7.4-2", "10.11.14-MariaDB-0+deb12u2": whatever the suite has. */
  serverVersion: string;
  /** Why MariaDB stands in for MySQL; absent when the server is the one that was asked for. */
  fallbackReason?: string;
  mysqld: Program;
  haproxy: Program;
  haproxyVersion: string;
  /** The compiled `AWSAuthenticationPlugin`, in `pluginFolder`. */
  pluginFile: string;
  pluginFolder: string;
  /** Holds the server's messages, its character sets and, for MariaDB, its bootstrap scripts. */
  shareFolder: string;
  baseFolder: string;
}

/** The programs of one tree, before the plugin is compiled. */
export type UnpackedPrograms = Omit<Programs, "pluginFile" | "fallbackReason"> & { tree: PackageTree };

const SERVER_FILES = {
  mysql: ["usr/sbin/mysqld"],
  mariadb: ["usr/sbin/mariadbd", "usr/sbin/mysqld"],
} as const;

/**
 * Finds the programs in an unpacked tree and runs each once for its version.
 *
 * @throws ServersError SERVERS_PROGRAM_DOES_NOT_RUN when one is missing or cannot be run on this machine.
 */
export async function findPrograms(root: string, server: ServerKind): Promise<UnpackedPrograms> {
  const tree = await openTree(root);
  const mysqld = treeProgram(tree, await firstThere(root, SERVER_FILES[server]));
  const haproxy = treeProgram(tree, await firstThere(root, ["usr/sbin/haproxy"]));
  const [serverVersion, haproxyVersion] = await Promise.all([
    version(mysqld, ["--no-defaults", "--version"], /Ver (\S+)/),
    version(haproxy, ["-v"], /version (\S+)/),
  ]);
  const share = await firstThere(root, ["usr/share/mysql/english", "usr/share/mariadb/english"]);
  // MariaDB's package has no plugin of its own, and so no folder for them.
  const pluginFolder = join(root, "usr/lib/mysql/plugin");
  await mkdir(pluginFolder, { recursive: true });
  return {
    server,
    serverVersion,
    mysqld,
    haproxy,
    haproxyVersion,
    pluginFolder,
    shareFolder: join(root, share, ".."),
    baseFolder: join(root, "usr"),
    tree,
  };
}

async function firstThere(root: string, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    if (await pathExists(join(root, path))) return path;
  }
  throw new ServersError("SERVERS_PROGRAM_DOES_NOT_RUN", `${root} has none of ${paths.join(", ")}`);
}

async function version(program: Program, args: readonly string[], pattern: RegExp): Promise<string> {
  const { code, stdout, stderr } = await tryCommand(program.command, [...program.args, ...args]);
  const found = pattern.exec(stdout)?.[1];
  if (code === 0 && found !== undefined) return found;
  throw new ServersError(
    "SERVERS_PROGRAM_DOES_NOT_RUN",
    `${program.args.at(-1)} does not run here: ${lastLines(stderr, 3)}`,
  );
}
