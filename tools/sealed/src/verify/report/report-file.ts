import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SealedError } from "../../errors.ts";
import type { Evidence } from "../document.ts";
import { GENERATOR, reportPage } from "./page.ts";

const MARK = `<meta name="generator" content="${GENERATOR}">`;

/** Where a report goes. */
export interface ReportFile {
  path: string;
  write(evidence: Evidence): Promise<void>;
}

/**
 * Returns the file for the report, before anything is looked at. An earlier report is replaced; any other file is not.
 *
 * @throws SealedError SEALED_REPORT_REFUSED
 */
export async function reportFile(path: string): Promise<ReportFile> {
  await checkFolder(dirname(path));
  await checkFile(path);
  return {
    path,
    // Renamed whole: a reader sees the earlier report or this one, never half of it.
    async write(evidence) {
      const draft = `${path}.${process.pid}`;
      try {
        await writeFile(draft, reportPage(evidence), { flag: "wx" });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw refused(`the report could not be written to ${path}`, error);
      }
    },
  };
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    throw refused(`the report needs a folder that is there, got ${folder}`, error);
  });
  if (!found.isDirectory()) throw refused(`the report needs a folder, got the file ${folder}`);
}

async function checkFile(path: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw refused(`the report cannot be written to ${path}`, error);
  }
  if (text.includes(MARK)) return;
  throw refused(`${path} exists and is no report of this command: name another file, or remove it`);
}

function refused(message: string, cause?: unknown): SealedError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return new SealedError("SEALED_REPORT_REFUSED", code === undefined ? message : `${message} (${code})`, {
    cause,
  });
}
