import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { type Connection, createConnection } from "mysql2/promise";
import { ServersError } from "../errors.ts";
import type { ServerKind } from "../packages/index.ts";
import { SECRET_PREFIX } from "./aws-files.ts";
import type { DatabaseFolder } from "./folder.ts";

const MASTER_USER = "master";
const PASSWORD_BYTES = 20;

/**
 * Returns the operating-system user, who is the server's administrator on its socket.
 *
 * @throws ServersError SERVERS_DATABASE_START_FAILED when the user has a number and no name.
 */
export function administrator(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new ServersError(
      "SERVERS_DATABASE_START_FAILED",
      `user id ${process.getuid?.()} has no name in /etc/passwd, and the database knows its administrator by name; ` +
        "start it as a user with a name",
      { cause: error },
    );
  }
}

/**
 * Returns the statements that the server runs at each start, before it takes connections: the socket becomes the
 * only way in for root, and the user who started the server becomes an administrator there. No password exists.
 */
export function initStatements(kind: ServerKind, user: string): string {
  const over = kind === "mysql" ? "IDENTIFIED WITH auth_socket" : "IDENTIFIED VIA unix_socket";
  const name = user.replace(/['\\]/g, "\\$&");
  return `ALTER USER 'root'@'localhost' ${over};
CREATE USER IF NOT EXISTS '${name}'@'localhost' ${over};
GRANT ALL PRIVILEGES ON *.* TO '${name}'@'localhost' WITH GRANT OPTION;
`;
}

/** Opens a connection of the administrator. */
async function connectAsAdministrator(socketPath: string): Promise<Connection> {
  return await createConnection({ socketPath, user: administrator() });
}

/** Runs one statement as the administrator, on a connection of its own, and returns its rows. */
export async function queryAsAdministrator<T>(
  socketPath: string,
  statement: string,
  values: unknown[] = [],
): Promise<T[]> {
  const connection = await connectAsAdministrator(socketPath);
  try {
    const [rows] = await connection.query(statement, values);
    return (Array.isArray(rows) ? rows : []) as T[];
  } finally {
    await connection.end();
  }
}

/** Returns the master user with its password, which is made up once and kept (mode 0600) beside the data. */
export async function ensureMaster(folder: DatabaseFolder): Promise<{ user: string; password: string }> {
  const master = { user: MASTER_USER, password: await masterPassword(folder.masterFile) };
  const account = [master.user, "%"];
  const run = (statement: string, values: unknown[]) =>
    queryAsAdministrator(folder.socket, statement, values);
  await run("CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ? REQUIRE SSL", [...account, master.password]);
  // Whoever removed the file with the password gets a new one, and the account with it.
  await run("ALTER USER ?@? IDENTIFIED BY ? REQUIRE SSL", [...account, master.password]);
  await run("GRANT ALL PRIVILEGES ON *.* TO ?@? WITH GRANT OPTION", account);
  return master;
}

async function masterPassword(file: string): Promise<string> {
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) return (JSON.parse(kept) as { password: string }).password;
  const password = SECRET_PREFIX + randomBytes(PASSWORD_BYTES).toString("hex");
  await writeFile(file, JSON.stringify({ password }), { mode: 0o600 });
  return password;
}
