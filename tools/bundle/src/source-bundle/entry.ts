import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { BundleError } from "../errors.ts";

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

/**
 * Returns every file below a folder, under another folder of the bundle.
 *
 * @throws BundleError BUNDLE_CONTENT_REFUSED for a symbolic link or a special file: the bundle holds none.
 */
export function folderEntries(folderInBundle: string, folder: string): BundleEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => !file.isDirectory())
    .map((file) => {
      const absolute = join(file.parentPath, file.name);
      const relative = absolute
        .slice(folder.length + 1)
        .split(sep)
        .join("/");
      const path = `${folderInBundle}/${relative}`;
      if (!file.isFile()) {
        const line = `${path}: neither a file nor a folder, such as a symbolic link: put the file itself there`;
        throw new BundleError("BUNDLE_CONTENT_REFUSED", "the bundle holds what must stay out:", [line]);
      }
      return fileEntry(path, absolute);
    });
}
