import { userInfo } from "node:os";
import { createConnection } from "mysql2/promise";
import type { SandboxState } from "../src/state.ts";

/** Runs statements as the administrator of the local server, over its socket, and returns the last one's rows. */
export async function administer<T>(state: SandboxState, ...statements: string[]): Promise<T[]> {
  const connection = await createConnection({
    socketPath: state.database.adminSocket,
    user: userInfo().username,
  });
  try {
    let rows: unknown;
    for (const statement of statements) [rows] = await connection.query(statement);
    return rows as T[];
  } finally {
    await connection.end();
  }
}
