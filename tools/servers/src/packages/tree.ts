import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import type { Program } from "../process/index.ts";

/** A folder of unpacked packages with a C library and a loader of its own. */
export interface PackageTree {
  root: string;
  /** The loader and the library path; a program's own path comes after them. */
  loader: Program;
  libraryFolders: string[];
}

/**
 * Returns the unpacked tree with its loader and library folders, whatever the architecture and the layout
 * (older releases keep the C library in /lib, newer ones in /usr/lib).
 *
 * @throws ServersError SERVERS_PROGRAM_DOES_NOT_RUN when there is no loader in it.
 */
export async function openTree(root: string): Promise<PackageTree> {
  const libraryFolders: string[] = [];
  let loaderFile: string | undefined;
  for (const parent of ["usr/lib", "lib"]) {
    for (const name of await entries(join(root, parent))) {
      const folder = join(root, parent, name);
      const files = await entries(folder);
      if (files.some((file) => file.includes(".so."))) libraryFolders.push(folder);
      // ld-linux-x86-64.so.2, ld-linux-aarch64.so.1, ld64.so.2: https://sourceware.org/glibc/wiki/ABIList
      const loader = files.find((file) => /^ld(64|-linux.*)\.so\.\d+$/.test(file));
      if (loader !== undefined) loaderFile ??= join(folder, loader);
    }
  }
  if (loaderFile === undefined) {
    throw new ServersError("SERVERS_PROGRAM_DOES_NOT_RUN", `no program loader was unpacked into ${root}`);
  }
  const loader = { command: loaderFile, args: ["--library-path", libraryFolders.join(":")] };
  return { root, loader, libraryFolders };
}

/** Returns how to run a program of the tree with the tree's own C library. */
export function treeProgram(tree: PackageTree, path: string): Program {
  return { command: tree.loader.command, args: [...tree.loader.args, join(tree.root, path)] };
}

/** Returns whether there is anything at `path`. */
export async function pathExists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
