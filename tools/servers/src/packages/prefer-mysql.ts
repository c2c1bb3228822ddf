import { readFile, rm, writeFile } from "node:fs/promises";
import { ServersError } from "../errors.ts";
import type { Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import type { ServerKind } from "./suites.ts";

/** Makes the programs of one server ready. */
export type Prepare = (server: ServerKind) => Promise<Programs>;

/**
 * Returns MySQL's programs, or MariaDB's with the reason when this machine cannot have MySQL.
 *
 * The reason is kept in `reasonFile`, so that such a machine does not ask its mirror again at each start; a start
 * that asks for MySQL by name does ask again.
 */
export async function preferMysql(
  prepare: Prepare,
  reasonFile: string,
  progress: Progress,
): Promise<Programs> {
  const kept = await readFile(reasonFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) {
    progress(`using MariaDB, since MySQL could not be had here (${kept})`);
    return { ...(await prepare("mariadb")), fallbackReason: kept };
  }
  try {
    return await prepare("mysql");
  } catch (error) {
    const fallbackReason = reasonToFallBack(error);
    if (fallbackReason === undefined) throw error;
    progress(`MySQL cannot be had here (${fallbackReason}); using MariaDB`);
    const programs = await prepare("mariadb");
    await writeFile(reasonFile, fallbackReason);
    return { ...programs, fallbackReason };
  }
}

/** Returns the programs of the server that was asked for by name. */
export async function insistOn(prepare: Prepare, server: ServerKind, reasonFile: string): Promise<Programs> {
  const programs = await prepare(server);
  if (server === "mysql") await rm(reasonFile, { force: true });
  return programs;
}

/** A machine without apt cannot have MariaDB either, and a bug is none of MySQL's: both are thrown on. */
function reasonToFallBack(error: unknown): string | undefined {
  const isReason =
    error instanceof ServersError &&
    (error.code === "SERVERS_PACKAGES_UNAVAILABLE" || error.code === "SERVERS_PROGRAM_DOES_NOT_RUN");
  return isReason ? error.message : undefined;
}
