import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Readable } from "node:stream";

const TAIL_BYTES = 65_536;

/** Returns a function that gives the last 64 KiB read from the streams. */
export function memoryTail(streams: readonly (Readable | null)[]): () => string {
  let text = "";
  for (const stream of streams) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-TAIL_BYTES);
    });
  }
  return () => text;
}

/** Returns a function that gives the last 64 KiB that the file gained since this call. */
export function fileTail(path: string): () => string {
  const startBytes = statSync(path).size;
  return () => {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const from = Math.max(startBytes, size - TAIL_BYTES);
      const bytes = Buffer.alloc(Math.max(0, size - from));
      readSync(file, bytes, 0, bytes.length, from);
      return bytes.toString("utf8");
    } finally {
      closeSync(file);
    }
  };
}
