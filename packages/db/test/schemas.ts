import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { AdminEvent, PrepareDatabaseOptions } from "../src/admin/index.ts";
import { iamAuth, passwordAuth } from "../src/index.ts";
import { databaseOptions, type Rig } from "./rig.ts";

/** Options of a preparation, and what it told so far. */
export type Preparation = PrepareDatabaseOptions & { events: AdminEvent[] };

/** Schemas of their own for the tests of one suite. */
export interface Schemas {
  readonly rig: Rig;
  readonly master: { user: string; password: string };
  /** Returns options for a schema, users and a folder of migrations that no other test has. */
  fresh(files: Record<string, string>): Promise<Preparation>;
  folderWith(name: string, files: Record<string, string>): Promise<string>;
}

/** A folder with one migration that makes one table. */
export const NOTES = { "0001-notes.sql": "CREATE TABLE notes (id INT PRIMARY KEY, title VARCHAR(20));" };

/** Sets the suite that calls it up; `name` begins the names of its schemas and users. */
export function useSchemas(shared: () => Rig, name: string): Schemas {
  let rig: Rig;
  let folder: string;
  let master: Schemas["master"];
  let schemas = 0;
  const usersOf = (n: number) => ({ app: `${name}_app${n}`, migrator: `${name}_migrator${n}` });

  before(async () => {
    rig = shared();
    folder = await mkdtemp(join(tmpdir(), "sealed-migrations-"));
    master = await rig.server.createMaster();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function fresh(files: Record<string, string>): Promise<Preparation> {
    schemas += 1;
    const database = `${name}_${schemas}`;
    const users = usersOf(schemas);
    const migrations = await folderWith(database, files);
    await allow(["app", ...Array.from({ length: schemas }, (_, i) => Object.values(usersOf(i + 1))).flat()]);
    const { endpoint, trust } = databaseOptions(rig.server);
    const events: AdminEvent[] = [];
    const token = iamAuth({ region: rig.server.region, credentials: rig.server.credentials });
    return {
      endpoint,
      trust,
      auth: passwordAuth(master),
      database,
      users,
      userAuth: "iam",
      migrations,
      migratorAuth: token,
      on: (event) => events.push(event),
      events,
    };
  }

  async function allow(users: string[]): Promise<void> {
    const { credentials, region, port } = rig.server;
    await rig.server.writeKeyring([{ ...credentials, region, endpoint: `localhost:${port}`, users }]);
  }

  async function folderWith(directory: string, files: Record<string, string>): Promise<string> {
    const path = join(folder, directory);
    await mkdir(path);
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  }

  return {
    get rig() {
      return rig;
    },
    get master() {
      return master;
    },
    fresh,
    folderWith,
  };
}
