import { constants } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ServersError } from "../errors.ts";
import { lastLines, tryCommand } from "../packages/command.ts";
import { exclusively } from "../packages/exclusive.ts";
import type { Programs, Progress } from "../packages/index.ts";
import { pathExists } from "../packages/tree.ts";
import { baseArguments } from "./server-arguments.ts";

// Part of the folder's name: a change of how it is made makes a new one.
const RECIPE = 2;
// The order of MariaDB's own mariadb-install-db, without the help texts.
const MARIADB_SCRIPTS = [
  "mysql_system_tables.sql",
  "mysql_performance_tables.sql",
  "mysql_system_tables_data.sql",
  "maria_add_gis_sp_bootstrap.sql",
  "mysql_sys_schema.sql",
];

/** Copies a new, empty data directory of this server version to `data`; the first one takes seconds to make. */
export async function copyTemplate(
  dir: string,
  programs: Programs,
  data: string,
  progress: Progress,
): Promise<void> {
  const template = await ensureTemplate(join(dir, "templates"), programs, progress);
  // Written aside under a name of its own: a data directory that was copied by half is not taken for one.
  const draft = await mkdtemp(`${data}.partial-`);
  try {
    await cp(template, draft, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await rename(draft, data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function ensureTemplate(folder: string, programs: Programs, progress: Progress): Promise<string> {
  const version = programs.serverVersion.replace(/[^\w.+-]/g, "_");
  const template = join(folder, `${programs.server}-${version}-${RECIPE}`);
  if (await pathExists(template)) return template;
  return await exclusively(
    join(folder, "lock"),
    async () => {
      if (!(await pathExists(template))) await makeTemplate(template, programs, progress);
      return template;
    },
    { progress },
  );
}

async function makeTemplate(template: string, programs: Programs, progress: Progress): Promise<void> {
  progress("making the database server's system tables");
  const draft = `${template}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const { command, args } = programs.mysqld;
  const all = [...args, ...baseArguments(programs, draft)];
  const { code, stdout, stderr } =
    programs.server === "mysql"
      ? // "Insecure" is a root without a password: it gets the socket as its only way in before anybody can connect.
        await tryCommand(command, [...all, "--initialize-insecure"])
      : await tryCommand(command, [...all, "--bootstrap"], { input: await mariadbScript(programs) });
  if (code !== 0) {
    throw new ServersError(
      "SERVERS_DATABASE_START_FAILED",
      `${programs.server} ${programs.serverVersion} could not make its system tables: ${lastLines(stderr + stdout, 8)}`,
    );
  }
  await rename(draft, template);
}

async function mariadbScript(programs: Programs): Promise<string> {
  const scripts = await Promise.all(
    MARIADB_SCRIPTS.map((name) => readFile(join(programs.shareFolder, name), "utf8")),
  );
  // As there: no account is made for the machine's own name, which is not known by it on loopback.
  const statements = scripts.map((script) => script.replace(/^.*@current_hostname.*$/gm, ""));
  // The variables are those of mariadb-install-db: root over the socket, and no user without a name.
  const heading = [
    "CREATE DATABASE mysql;",
    "USE mysql;",
    "SET @auth_root_socket='root';",
    "SET @skip_auth_anonymous=1;",
  ];
  return [...heading, ...statements].join("\n");
}
