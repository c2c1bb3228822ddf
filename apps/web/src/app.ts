import type { RequestListener } from "node:http";
import express, { type Express } from "express";
import { type Assets, addAssetRoutes } from "./assets.ts";
import { addHealthRoutes, type HealthDeps } from "./health.ts";
import { addHopsRoutes, type HopsDeps } from "./hops/index.ts";
import type { Log } from "./log.ts";
import { allowedHosts } from "./middleware/allowed-hosts.ts";
import { crossSiteWrites } from "./middleware/cross-site-writes.ts";
import { errorAnswers, notFound } from "./middleware/errors.ts";
import { forwardedHeaders, isTrustedAddress } from "./middleware/forwarded-headers.ts";
import { type FinishedRequest, requestLog } from "./middleware/request-log.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { addNotebookApi, addNotebookPages, type NoteStore } from "./notebook/index.ts";
import { inOriginForm } from "./request-target.ts";
import { methodNotAllowed } from "./routes.ts";
import type { Render } from "./views.ts";

/** What the app is made of: everything that does I/O comes in from outside. */
export interface AppDeps extends HealthDeps {
  log: Log;
  store: NoteStore;
  render: Render;
  assets: Assets;
  /** Hosts the app answers for. */
  publicHosts: readonly string[];
  /** Address ranges (CIDR) whose `X-Forwarded-*` headers are believed; empty: nobody's. */
  trustedProxies: readonly string[];
  /** What the hops page looks at; absent: there is no such page. */
  hops?: Omit<HopsDeps, "isTrustedProxy" | "render"> | undefined;
  /** Told of every answered request. */
  onFinished?: ((request: FinishedRequest) => void) | undefined;
}

/** Returns the app: from the deps to what answers requests, without I/O and without settings of its own. */
export function createApp(deps: AppDeps): RequestListener {
  const app = express();
  // Otherwise Express reads NODE_ENV, and its last-resort error page shows stack traces.
  app.set("env", "production");
  app.disable("x-powered-by");
  // Hashing each body costs a quarter of the throughput; notes carry their version as ETag instead.
  app.set("etag", false);
  app.set("query parser", "simple");
  app.set("trust proxy", deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false);

  // Forged headers go first, so that the log and all behind it see only what can be believed.
  app.use(forwardedHeaders());
  app.use(requestLog(deps));
  app.use(securityHeaders());
  // Before the host check: health checks of AWS send the instance's address as Host.
  addHealthRoutes(app, deps);
  app.use(allowedHosts(deps.publicHosts));
  app.use(crossSiteWrites(deps.publicHosts));
  addNotebookApi(app, deps.store);
  addAssetRoutes(app, deps.assets);
  addHomePage(app, deps);
  addNotebookPages(app, deps);
  app.use(notFound());
  app.use(errorAnswers(deps));
  return inOriginForm(app);
}

/** `/` is the hops page where it is on, and otherwise leads to the notebook. */
function addHomePage(app: Express, { hops, render }: AppDeps): void {
  if (hops === undefined) {
    app.get("/", (_request, response) => response.redirect(303, "/notes"));
    app.all("/", methodNotAllowed("GET, HEAD"));
    return;
  }
  addHopsRoutes(app, { ...hops, render, isTrustedProxy: (address) => isTrustedAddress(app, address) });
  app.all(["/", "/hops.json"], methodNotAllowed("GET, HEAD"));
}
