import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type DatabaseServer, startDatabase } from "../../tools/servers/src/index.ts";
import type { Bench } from "./bench.ts";
import { holdToCore } from "./part.ts";

/** What a client needs to log in; passed to the process that is measured. */
export interface DatabaseTarget {
  host: string;
  port: number;
  /** PEM of the authority that vouches for the server. */
  ca: string;
  database: string;
  /** Logs in with `password`. */
  passwordUser: string;
  password: string;
  /** Logs in with an IAM token. */
  tokenUser: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  credentialsFile: string;
  profile: string;
}

/** A running server with rows to read. */
export interface BenchDatabase extends AsyncDisposable {
  target: DatabaseTarget;
}

/** How many rows there are to read, with ids from 1. */
export const ROWS = 1_000;

const DATABASE = "bench";
const PASSWORD_USER = "bench_password";
const TOKEN_USER = "app";

/** Starts MySQL on the helpers' core with a table of notes and two users. */
export async function startBenchDatabase(bench: Bench): Promise<BenchDatabase> {
  const [programs, ca] = [await bench.programs(), await bench.ca()];
  // Connections come and go by the hundred here.
  const options = ["--max-connections=500"];
  const server = await startDatabase({ dir: bench.sandboxDir, programs, ca, options });
  try {
    holdToCore(server.pid, "helper");
    return { target: await fill(server), [Symbol.asyncDispose]: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function fill(server: DatabaseServer): Promise<DatabaseTarget> {
  const password = randomBytes(24).toString("base64url");
  const statements = [
    `CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`,
    `CREATE TABLE ${DATABASE}.notes (id INT PRIMARY KEY, title VARCHAR(200) NOT NULL, body TEXT NOT NULL)`,
    `SET SESSION cte_max_recursion_depth = ${ROWS + 1}`,
    `INSERT INTO ${DATABASE}.notes WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${ROWS})
      SELECT id, CONCAT('note ', id), REPEAT('x', 200) FROM n`,
    `CREATE USER ${PASSWORD_USER} IDENTIFIED BY '${password}' REQUIRE SSL`,
    `CREATE USER ${TOKEN_USER} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
    `GRANT ALL PRIVILEGES ON ${DATABASE}.* TO ${PASSWORD_USER}, ${TOKEN_USER}`,
  ];
  for (const statement of statements) await server.adminQuery(statement);
  const { host, port, region, credentials, credentialsFile, profile } = server;
  return {
    host,
    port,
    ca: readFileSync(server.caFile, "utf8"),
    database: DATABASE,
    passwordUser: PASSWORD_USER,
    password,
    tokenUser: TOKEN_USER,
    region,
    credentials,
    credentialsFile,
    profile,
  };
}
