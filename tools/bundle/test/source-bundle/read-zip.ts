import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import yauzl, { type Entry, type ZipFile } from "yauzl";

/** One file as another library than the one that wrote it reads it. */
export interface ReadEntry {
  path: string;
  /** Unix permissions. */
  mode: number;
  content: Buffer;
  /** When it was changed, as the text that the zip holds; it has no time zone. */
  modified: string;
}

/** Returns the files of a zip in the order in which they stand in it. */
export async function readZip(zip: Uint8Array): Promise<ReadEntry[]> {
  const file = await promisify<Buffer, yauzl.Options, ZipFile>(yauzl.fromBuffer)(Buffer.from(zip), {
    lazyEntries: true,
    strictFileNames: true,
  });
  const entries: ReadEntry[] = [];
  const whole = new Promise<void>((resolve, reject) => {
    file.once("end", resolve);
    file.once("error", reject);
    file.on("entry", (entry: Entry) => {
      readEntry(file, entry).then((read) => {
        entries.push(read);
        file.readEntry();
      }, reject);
    });
  });
  file.readEntry();
  await whole;
  return entries;
}

async function readEntry(file: ZipFile, entry: Entry): Promise<ReadEntry> {
  const stream = await promisify(file.openReadStream.bind(file) as OpenStream)(entry);
  const mode = (entry.externalFileAttributes >>> 16) & 0o7777;
  const modified = entry.getLastModDate({ timezone: "UTC" }).toISOString();
  return { path: entry.fileName, mode, content: await buffer(stream), modified };
}

type OpenStream = (entry: Entry, done: (error: Error | null, stream: NodeJS.ReadableStream) => void) => void;
