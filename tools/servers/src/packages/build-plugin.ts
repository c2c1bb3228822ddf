import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Compile, findCompiler } from "./compiler.ts";
import type { Progress } from "./progress.ts";
import type { ServerKind } from "./suites.ts";
import type { PackageTree } from "./tree.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "plugin");
const PLUGIN_MAIN = "plugin.c";
const CHECKER_MAIN = "check-token.c";
const PLUGIN_FILE = "aws_authentication_plugin.so";

/**
 * Returns the plugin `AWSAuthenticationPlugin` compiled for a server, in the server's own plugin folder; compiled
 * again only when its source has changed.
 *
 * @throws ServersError SERVERS_PLUGIN_BUILD_FAILED with the compiler's words.
 */
export async function buildPlugin(
  tree: PackageTree,
  pluginFolder: string,
  server: ServerKind,
  progress: Progress,
): Promise<string> {
  const file = join(pluginFolder, PLUGIN_FILE);
  const stampFile = `${file}.source`;
  const stamp = await sourceDigest();
  const made = await readFile(stampFile, "utf8").catch((error: NodeJS.ErrnoException) => error.code);
  if (made === stamp) return file;
  progress("compiling the database server's token plugin");
  const draft = `${file}.${randomUUID()}`;
  await compilePlugin(await findCompiler(), tree, server, draft);
  // A server that runs keeps the file it loaded: rename gives the name to a new one.
  await rename(draft, file);
  await writeFile(stampFile, stamp);
  return file;
}

/** Compiles the plugin for a server into `file`. */
export async function compilePlugin(
  compile: Compile,
  tree: PackageTree,
  server: ServerKind,
  file: string,
  options: { warningsAreErrors?: boolean } = {},
): Promise<void> {
  try {
    await compile(tree, {
      ...options,
      folder: FOLDER,
      sources: await sources(PLUGIN_MAIN),
      defines: [`FOR_${server.toUpperCase()}`],
      kind: "library",
      file,
    });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Compiles the program that judges tokens without a server into `file`; the tree's loader must run it. */
export async function compileTokenChecker(compile: Compile, tree: PackageTree, file: string): Promise<void> {
  await compile(tree, {
    folder: FOLDER,
    sources: await sources(CHECKER_MAIN),
    defines: [],
    kind: "program",
    file,
    warningsAreErrors: true,
  });
}

/** The C files of which `main` is the only one that is an entry. */
async function sources(main: string): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".c")).sort();
  return files.filter((file) => file === main || ![PLUGIN_MAIN, CHECKER_MAIN].includes(file));
}

async function sourceDigest(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await readdir(FOLDER)).filter((name) => /\.[ch]$/.test(name)).sort()) {
    hash.update(file).update(await readFile(join(FOLDER, file)));
  }
  return hash.digest("hex");
}
