import { AwsMySQLPoolClient } from "aws-advanced-nodejs-wrapper/mysql";
import { createPool } from "mysql2/promise";
import { createDatabase, passwordAuth, privateTrust, sql } from "../../../packages/db/src/index.ts";
import type { DatabaseTarget } from "../database.ts";

/** The ways to read one row that are held against each other. */
export type ClientKind = "sealed" | "raw" | "wrapper-default" | "wrapper-iam";

/** Reads one note; and ends what it held open. */
export interface QueryClient {
  read(id: number): Promise<unknown>;
  close(): Promise<void>;
}

const CONNECTIONS = 10;
const STATEMENT = "SELECT id, title, body FROM notes WHERE id = ?";

/** Opens a client of a kind: the same statement, TLS with the same authority, and ten connections each. */
export function openQueryClient(kind: ClientKind, target: DatabaseTarget): QueryClient {
  switch (kind) {
    case "sealed":
      return sealedClient(target);
    case "raw":
      return rawClient(target);
    default:
      return wrapperClient(target, kind === "wrapper-iam");
  }
}

function sealedClient({ host, port, ca, database, passwordUser, password }: DatabaseTarget): QueryClient {
  const client = createDatabase({
    endpoint: { host, port },
    database,
    user: passwordUser,
    auth: passwordAuth({ password }),
    trust: privateTrust({ pem: ca }),
    limits: { connections: CONNECTIONS, acquireMs: 20_000, connectMs: 20_000 },
  });
  return {
    read: (id) => client.query(sql`SELECT id, title, body FROM notes WHERE id = ${id}`),
    close: () => client.close({ within: 0 }),
  };
}

/** What the mysql2 manual shows, with prepared statements as ours has them. */
function rawClient({ host, port, ca, database, passwordUser, password }: DatabaseTarget): QueryClient {
  const pool = createPool({
    host,
    port,
    database,
    user: passwordUser,
    password,
    connectionLimit: CONNECTIONS,
    ssl: { ca, minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true },
  });
  return { read: (id) => pool.execute(STATEMENT, [id]), close: () => pool.end() };
}

/** The wrapper's own pool; it has no prepared statements on its pool. */
function wrapperClient(target: DatabaseTarget, isIam: boolean): QueryClient {
  const { host, port, ca, database } = target;
  const login = isIam
    ? { user: target.tokenUser, plugins: "iam", iamRegion: target.region, awsProfile: target.profile }
    : { user: target.passwordUser, password: target.password };
  const pool = new AwsMySQLPoolClient(
    {
      host,
      port,
      database,
      ...login,
      enableCleartextPlugin: isIam,
      ssl: { ca, minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true },
    },
    { maxConnections: CONNECTIONS, maxIdleConnections: CONNECTIONS },
  );
  return { read: (id) => pool.query({ sql: STATEMENT }, [id]), close: () => pool.end() };
}
