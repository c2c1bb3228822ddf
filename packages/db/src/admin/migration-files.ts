import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mysqlSplitterOptions, splitQuery } from "dbgate-query-splitter";
import { DbError } from "../errors.ts";
import { withoutLiterals } from "./statement-text.ts";

/** A migration as it lies in its folder. */
export interface MigrationFile {
  /** File name, such as `0001-notes.sql`. */
  name: string;
  /** SHA-256 of the text with line ends as LF: a checkout may change them. */
  checksum: string;
  statements: string[];
}

const NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/**
 * Returns the migrations of a folder in the order of their numbers.
 *
 * @throws DbError `DB_MIGRATION_INVALID` for a folder that cannot be read, a name that is not
 * `NNNN-lower-case.sql`, a number that is there twice, and a file without a statement.
 */
export async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await list(directory)).filter((name) => name.endsWith(".sql")).sort();
  const numbers = new Map<string, string>();
  for (const name of names) {
    const number = NAME.exec(name)?.[1];
    if (number === undefined) throw invalid(`migration "${name}" must be named NNNN-lower-case-words.sql`);
    const other = numbers.get(number);
    if (other !== undefined) throw invalid(`migrations "${other}" and "${name}" have the same number`);
    numbers.set(number, name);
  }
  return await Promise.all(names.map((name) => read(directory, name)));
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw invalid(`the folder of migrations "${directory}" cannot be read`, cause);
  }
}

async function read(directory: string, name: string): Promise<MigrationFile> {
  const text = (await readFile(join(directory, name), "utf8")).replaceAll("\r\n", "\n");
  const parts = splitQuery(text, mysqlSplitterOptions).map(String);
  const statements = parts.filter((part) => withoutLiterals(part) !== "");
  if (statements.length === 0) throw invalid(`migration "${name}" holds no statement`);
  return { name, checksum: createHash("sha256").update(text).digest("hex"), statements };
}

function invalid(message: string, cause?: unknown): DbError {
  return new DbError("DB_MIGRATION_INVALID", message, { cause });
}
