import { type Zippable, zipSync } from "fflate";
import type { BundleEntry } from "./entry.ts";

/** First moment that a zip can name; the format has no time zone, so this is the same text on every machine. */
const FIXED_TIME = new Date(1980, 0, 1);
/** "Made by Unix": only then the permissions count. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.2 */
const MADE_BY_UNIX = 3;
const REGULAR_FILE = 0o100_000;

/**
 * Returns a zip that holds the same bytes for the same entries, on every machine and at every time: sorted names,
 * one fixed time, two kinds of permissions, and a compressor in JavaScript (zlib's output differs by processor).
 */
export function makeZip(entries: readonly BundleEntry[]): Uint8Array {
  const files: Zippable = {};
  for (const { path, content, isExecutable } of [...entries].sort(byPath)) {
    const mode = REGULAR_FILE | (isExecutable ? 0o755 : 0o644);
    files[path] = [content, { attrs: mode << 16, os: MADE_BY_UNIX, mtime: FIXED_TIME, level: 9 }];
  }
  return zipSync(files);
}

/** By code units: a locale's order differs between machines. */
function byPath(a: BundleEntry, b: BundleEntry): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
