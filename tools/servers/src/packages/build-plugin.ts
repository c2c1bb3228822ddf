import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import { tryCommand } from "./command.ts";
import type { Progress } from "./progress.ts";
import type { ServerKind } from "./suites.ts";
import type { PackageTree } from "./tree.ts";

const SOURCE_FOLDER = join(import.meta.dirname, "..", "..", "plugin");
const TEST_PROGRAM_SOURCE = "check-token.c";
const PLUGIN_SOURCE = "plugin.c";
const PLUGIN_FILE = "aws_authentication_plugin.so";

/** Compiler flags of the server plugin and of its test program. */
export const COMPILER_FLAGS = [
  "-std=c17",
  "-D_GNU_SOURCE",
  "-O2",
  "-fPIC",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Wshadow",
  "-Wconversion",
  // https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++
  "-fstack-protector-strong",
  "-D_FORTIFY_SOURCE=2",
  "-Wl,-z,relro,-z,now,-z,noexecstack",
] as const;

/**
 * Returns the plugin `AWSAuthenticationPlugin` compiled for a server, in the server's own plugin folder; compiled
 * again only when its source or its flags have changed.
 *
 * @throws ServersError SERVERS_PLUGIN_BUILD_FAILED with the compiler's words, or with the package that is missing.
 */
export async function buildPlugin(
  tree: PackageTree,
  pluginFolder: string,
  server: ServerKind,
  progress: Progress,
): Promise<string> {
  const file = join(pluginFolder, PLUGIN_FILE);
  const stampFile = `${file}.source`;
  const flags = [`-DFOR_${server.toUpperCase()}`, "-shared"];
  const stamp = await sourceDigest(flags);
  if ((await readFile(stampFile, "utf8").catch(() => "")) === stamp) return file;
  progress("compiling the database server's token plugin");
  const draft = `${file}.${randomUUID()}`;
  await compile(tree, [...flags, ...(await sources(PLUGIN_SOURCE))], draft);
  // A server that runs from an older file keeps it: rename gives the name to a new one.
  await rename(draft, file);
  await writeFile(stampFile, stamp);
  return file;
}

/** Compiles the program that judges a token without a server, for tests, into `file`. */
export async function buildTokenChecker(tree: PackageTree, file: string): Promise<void> {
  await compile(tree, ["-Werror", ...(await sources(TEST_PROGRAM_SOURCE))], file);
}

/** The C files of the plugin, of which `main` is the only one that is an entry. */
async function sources(main: string): Promise<string[]> {
  const files = (await readdir(SOURCE_FOLDER)).filter((file) => file.endsWith(".c")).sort();
  return files.filter((file) => file === main || ![PLUGIN_SOURCE, TEST_PROGRAM_SOURCE].includes(file));
}

async function sourceDigest(flags: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update([...COMPILER_FLAGS, ...flags].join(" "));
  for (const file of (await readdir(SOURCE_FOLDER)).filter((name) => /\.[ch]$/.test(name)).sort()) {
    hash.update(file).update(await readFile(join(SOURCE_FOLDER, file)));
  }
  return hash.digest("hex");
}

/**
 * Compiles against the OpenSSL of the tree, headers and library: the plugin is loaded into a server that runs with
 * those, and the machine may have an older OpenSSL or none.
 */
async function compile(tree: PackageTree, args: readonly string[], file: string): Promise<void> {
  const includes = [
    "usr/include",
    ...tree.libraryFolders.map((folder) => `usr/include/${folder.split("/").at(-1)}`),
  ];
  const { code, stderr } = await tryCommand(
    "cc",
    [
      ...COMPILER_FLAGS,
      // As system folders, behind the machine's: only what the machine lacks is taken from them.
      ...includes.flatMap((folder) => ["-idirafter", join(tree.root, folder)]),
      ...args,
      "-o",
      file,
      await cryptoLibrary(tree),
    ],
    { cwd: SOURCE_FOLDER },
  );
  if (code === 0) return;
  await rm(file, { force: true });
  throw new ServersError(
    "SERVERS_PLUGIN_BUILD_FAILED",
    `the server plugin does not compile: ${stderr.trim()}`,
  );
}

async function cryptoLibrary(tree: PackageTree): Promise<string> {
  for (const folder of tree.libraryFolders) {
    const name = (await readdir(folder)).find((file) => /^libcrypto\.so\.\d+$/.test(file));
    if (name !== undefined) return join(folder, name);
  }
  throw new ServersError("SERVERS_PLUGIN_BUILD_FAILED", `no libcrypto was unpacked into ${tree.root}`);
}
