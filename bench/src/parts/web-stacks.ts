import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { fileURLToPath } from "node:url";
import express from "express";
import helmet from "helmet";
import { pino } from "pino";
import { pinoHttp } from "pino-http";
import { createApp } from "../../../apps/web/src/app.ts";
import { loadAssets } from "../../../apps/web/src/assets.ts";
import { createLog } from "../../../apps/web/src/log.ts";
import type { NoteStore } from "../../../apps/web/src/notebook/index.ts";
import { createRender } from "../../../apps/web/src/views.ts";
import { HOST, NOTE } from "./note.ts";

/**
 * What answers a request: our whole app; Express exactly as it comes; Express told not to hash bodies, as the app
 * tells it; Express with the middleware that most people add.
 */
export type Stack = "app" | "bare" | "bare-without-etag" | "helmet-and-pino";

/** Returns the request listener of a stack. All answer the same JSON. */
export function requestListener(stack: Stack, trustedProxies: readonly string[]): RequestListener {
  if (stack === "app") return ownApp(trustedProxies);
  const app = express();
  if (stack === "bare-without-etag") app.set("etag", false);
  if (stack === "helmet-and-pino") {
    app.use(
      pinoHttp({ logger: pino(pino.destination({ dest: 1, sync: false })), genReqId: () => randomUUID() }),
    );
    app.use(helmet());
  }
  app.get("/api/notes/:id", (_request, response) => void response.json(NOTE));
  return app;
}

/** The app as it is deployed; only its notes come from memory, so that no database is measured here. */
function ownApp(trustedProxies: readonly string[]): RequestListener {
  const web = new URL("../../../apps/web/", import.meta.url);
  const assets = loadAssets(fileURLToPath(new URL("public", web)));
  const directory = fileURLToPath(new URL("views", web));
  return createApp({
    log: createLog({ level: "info", instance: "bench" }),
    store: notesInMemory(),
    assets,
    render: createRender({ directory, assets, hopsPage: false }),
    database: { ready: () => Promise.resolve() },
    isDraining: () => false,
    certificateExpiresSoon: () => false,
    publicHosts: [HOST],
    trustedProxies,
  });
}

function notesInMemory(): NoteStore {
  const refuse = () => Promise.reject(new Error("only one note is read here"));
  return { find: () => Promise.resolve(NOTE), list: refuse, create: refuse, change: refuse, remove: refuse };
}
