import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** One file of the bundle. */
export interface BundleEntry {
  /** Path inside of the bundle, with `/`. */
  path: string;
  content: Uint8Array;
  isExecutable: boolean;
}

/** Returns an entry with text that was made here. */
export function textEntry(path: string, text: string): BundleEntry {
  return { path, content: new TextEncoder().encode(text), isExecutable: false };
}

/** Returns one file of the disk as an entry; it is executable when its owner may execute it. */
export function fileEntry(path: string, file: string): BundleEntry {
  const isExecutable = (statSync(file).mode & 0o100) !== 0;
  return { path, content: readFileSync(file), isExecutable };
}

/** Returns every file below a folder, under another folder of the bundle. */
export function folderEntries(folderInBundle: string, folder: string): BundleEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => {
      const absolute = join(file.parentPath, file.name);
      const relative = absolute
        .slice(folder.length + 1)
        .split(sep)
        .join("/");
      return fileEntry(`${folderInBundle}/${relative}`, absolute);
    });
}
