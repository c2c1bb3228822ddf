import { fileURLToPath } from "node:url";
import type { Database } from "@sealed/db";
import { describeConnection } from "@sealed/tls";
import { type AppDeps, createApp } from "./app.ts";
import { loadAssets } from "./assets.ts";
import type { WebConfig } from "./config.ts";
import { openHealthdLog } from "./healthd.ts";
import type { Log } from "./log.ts";
import { logMetrics } from "./metrics.ts";
import { createNoteStore } from "./notebook/index.ts";
import { createWebServer, type WebServer } from "./server.ts";
import { createRender } from "./views.ts";

/** Time that requests still under way get after the grace period, before they are cut. */
const UNDER_WAY_MS = 10_000;

/** How long the last statements may take when everything else has stopped. */
const DATABASE_CLOSE_MS = 5_000;

/** The app with everything it holds. */
export interface RunningApp {
  listen(): Promise<number | undefined>;
  server: WebServer;
  /** Stops without losing a request, then closes what is behind. Resolves when nothing is left. */
  drain(): Promise<void>;
  /** Cuts what is under way and closes everything: for an app that can no longer be trusted. */
  abort(): Promise<void>;
}

/** Puts the app together; nothing listens and nothing is connected yet. */
export async function assemble(config: WebConfig, log: Log, database: Database): Promise<RunningApp> {
  const state = { isDraining: false };
  const healthd =
    config.healthdDirectory === undefined
      ? undefined
      : openHealthdLog({ directory: config.healthdDirectory, log });
  let server: WebServer | undefined;
  const app = createApp({
    ...config,
    ...presentation(config),
    log,
    database,
    store: createNoteStore(database),
    isDraining: () => state.isDraining,
    certificateExpiresSoon: () => server?.tlsState()?.expiresSoon ?? false,
    hops: hopsDeps(config, database, () => server),
    onFinished: healthd && ((request) => healthd.record(request)),
  });
  server = await createWebServer(app, config);
  const running = server;
  const metrics = logMetrics({
    log,
    everyMs: config.metricsMs,
    tls: () => running.tlsState(),
    database: () => database.stats(),
  });
  const closeRest = async () => {
    metrics[Symbol.dispose]();
    await database.close({ within: DATABASE_CLOSE_MS });
    await healthd?.close();
  };
  return {
    server,
    listen: () => running.listen(),
    async drain() {
      const onDraining = () => {
        state.isDraining = true;
        log.info({ drainMs: config.drainMs }, "draining");
      };
      const report = await running.drain({
        onDraining,
        graceMs: config.drainMs,
        hardMs: config.drainMs + UNDER_WAY_MS,
      });
      log.info({ report }, "drained");
      await closeRest();
    },
    async abort() {
      running.abort();
      await closeRest();
    },
  };
}

function presentation({ hopsPage }: WebConfig): Pick<AppDeps, "assets" | "render"> {
  const assets = loadAssets(fileURLToPath(new URL("../public", import.meta.url)));
  const directory = fileURLToPath(new URL("../views", import.meta.url));
  return { assets, render: createRender({ directory, assets, hopsPage }) };
}

function hopsDeps(
  { hopsPage, topology, instance }: WebConfig,
  database: Database,
  server: () => WebServer | undefined,
): AppDeps["hops"] {
  if (!hopsPage) return undefined;
  return {
    topology,
    instance,
    describeConnection,
    serverCertificate: () => server()?.tlsState() ?? null,
    observeDatabase: (options) => database.observe(options),
  };
}
