import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createDatabase, type Database, iamAuth, type Limits, passwordAuth, privateTrust } from "@sealed/db";
import { prepareDatabase } from "@sealed/db/admin";
import {
  type DatabaseServer,
  defaultDirectory,
  ensurePrograms,
  privateCa,
  startDatabase,
} from "@sealed/servers";
import { createTlsServer, selfSigned, type TlsServer } from "@sealed/tls";
import { createNoteStore, type NoteStore } from "../src/notebook/index.ts";
import { appUnderTest, HOST } from "./app-under-test.ts";

const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Schema that the app works in. */
export const SCHEMA = "notes";

/** A real MySQL with an empty notebook, and the app in front of it on a real TLS server. */
export interface RealPath extends AsyncDisposable {
  server: DatabaseServer;
  database: Database;
  store: NoteStore;
  tls: TlsServer;
  port: number;
  /** Every line the app logged so far. */
  logged: () => Record<string, unknown>[];
  /** Sends a request to the app over TLS. */
  send(path: string, content?: Content): Promise<Answer>;
}

/** What is sent: with a body as POST unless `method` says otherwise. */
export interface Content {
  method?: string;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** What came back. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Starts the database server, makes the schema and the app's user, and starts the app. */
export async function startRealPath(limits: Partial<Limits> = {}): Promise<RealPath> {
  const server = await startServer();
  const database = openDatabase(server, limits);
  const store = createNoteStore(database);
  const { app, logged } = appUnderTest({ store, database });
  const tls = await createTlsServer(app, { source: selfSigned() });
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
  const { port } = tls.address() as AddressInfo;
  return {
    server,
    database,
    store,
    tls,
    port,
    logged,
    send: (path, content) => send(port, path, content),
    async [Symbol.asyncDispose]() {
      await tls[Symbol.asyncDispose]();
      await database.close();
      await server.close();
    },
  };
}

/** Starts MySQL with the schema, the app's user and the app's tables. */
export async function startServer(): Promise<DatabaseServer> {
  const programs = await ensurePrograms({ dir: defaultDirectory });
  const ca = await privateCa({ dir: defaultDirectory });
  const server = await startDatabase({ dir: defaultDirectory, programs, ca });
  const { user, password } = await server.createMaster();
  await prepareDatabase({
    endpoint: { host: server.host, port: server.port },
    trust: privateTrust({ pem: ca.certificatePem }),
    auth: passwordAuth({ user, password }),
    database: SCHEMA,
    userAuth: "iam",
    migrations: MIGRATIONS,
    migratorAuth: iamAuth({ region: server.region, credentials: server.credentials }),
  });
  return server;
}

function openDatabase(server: DatabaseServer, limits: Partial<Limits>): Database {
  return createDatabase({
    endpoint: { host: server.host, port: server.port },
    database: SCHEMA,
    user: "app",
    auth: iamAuth({ region: server.region, credentials: server.credentials }),
    trust: privateTrust({ pem: readFileSync(server.caFile, "utf8") }),
    limits,
  });
}

async function send(
  port: number,
  path: string,
  { method, json, form, headers = {} }: Content = {},
): Promise<Answer> {
  const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
  const type = json === undefined ? "application/x-www-form-urlencoded" : "application/json";
  const sent = request({
    host: "127.0.0.1",
    port,
    path,
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { host: HOST, ...(body === undefined ? {} : { "content-type": type }), ...headers },
    rejectUnauthorized: false,
  });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) };
}
