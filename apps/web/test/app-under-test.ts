import { fileURLToPath } from "node:url";
import { DbError, type DbErrorCode } from "@sealed/db";
import request from "supertest";
import { type AppDeps, createApp } from "../src/app.ts";
import { loadAssets } from "../src/assets.ts";
import { createLog } from "../src/log.ts";
import type { NoteStore } from "../src/notebook/index.ts";
import { createRender } from "../src/views.ts";
import { memoryStore } from "./memory-store.ts";

/** The host that the app under test answers for. */
export const HOST = "notes.example";

const directoryOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const assets = loadAssets(directoryOf("public"));

/** Returns the app without network and database, and everything it logs. */
export function appUnderTest(overrides: Partial<AppDeps> & { logLevel?: string } = {}) {
  const { logLevel = "debug", ...deps } = overrides;
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const app = createApp({
    log: createLog({ level: logLevel, instance: "test", destination }),
    store: memoryStore(),
    database: { ready: () => Promise.resolve() },
    isDraining: () => false,
    certificateExpiresSoon: () => false,
    render: createRender({ directory: directoryOf("views"), assets, hopsPage: deps.hops !== undefined }),
    assets,
    publicHosts: [HOST],
    trustedProxies: [],
    ...deps,
  });
  return {
    app,
    /** Sends requests as a client that knows the app's name. */
    client: request.agent(app).set("Host", HOST),
    /** Every line logged so far. */
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    loggedText: () => lines.join(""),
  };
}

/** A store whose every call fails as the database package does. */
export function failingStore(code: DbErrorCode): NoteStore {
  const fail = () => Promise.reject(new DbError(code, "could not reach db.internal:3306"));
  return { list: fail, find: fail, create: fail, change: fail, remove: fail };
}
