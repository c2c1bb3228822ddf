import type { Socket } from "node:net";
import { DbError } from "@sealed/db";
import type { IRouter, Request, Response } from "express";
import type { Topology } from "../settings.ts";
import type { Render } from "../views.ts";
import { readForwardedTls } from "./forwarded.ts";
import type {
  DatabaseFailure,
  ObservedCertificate,
  ObservedConnection,
  ObservedDatabase,
} from "./observation.ts";
import { observeHops } from "./observe.ts";
import { hopsPage } from "./page.ts";
import type { HopsReport } from "./report.ts";
import { shareObservation } from "./shared-observation.ts";

/** How long page loads share one look at the database. */
const FRESH_MS = 1_000;
/** A look at the database gives up after this, so that the page answers while the database does not. */
const DEADLINE_MS = 3_000;

/** What the hops page looks at. */
export interface HopsDeps {
  topology: Topology;
  /** Name of this instance. */
  instance: string;
  render: Render;
  /** Tells what the socket of a request is encrypted with. */
  describeConnection: (socket: Socket) => ObservedConnection;
  /** The certificate that new connections get; null while the listener is plain. */
  serverCertificate: () => ObservedCertificate | null;
  /** Looks at a live database connection; rejects with a `DbError`. */
  observeDatabase: (options: { signal: AbortSignal }) => Promise<ObservedDatabase>;
  /** Tells whether an address belongs to a trusted load balancer. */
  isTrustedProxy: (address: string) => boolean;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Adds `GET /` and `GET /hops.json`: what was observed on the three hops, 200 whatever the verdict. */
export function addHopsRoutes(router: IRouter, deps: HopsDeps): void {
  const observe = hopsObserver(deps);
  router.get("/hops.json", async (request: Request, response: Response) => {
    const report = await observe(request);
    response.set("Cache-Control", "no-store").json(report);
  });
  router.get("/", async (request: Request, response: Response) => {
    const report = await observe(request);
    response
      .set("Cache-Control", "no-store")
      .type("html")
      .send(deps.render("hops", hopsPage(report)));
  });
}

/** The database is looked at once for everybody; the connection and its headers belong to each request. */
function hopsObserver(deps: HopsDeps): (request: Request) => Promise<HopsReport> {
  const now = deps.now ?? Date.now;
  const database = shareObservation(() => databaseOrFailure(deps), { freshMs: FRESH_MS, now });
  return async (request) =>
    observeHops({
      topology: deps.topology,
      connection: deps.describeConnection(request.socket),
      forwarded: readForwardedTls(request, deps.isTrustedProxy),
      serverCertificate: deps.serverCertificate(),
      database: await database(),
      instance: deps.instance,
      now: now(),
    });
}

async function databaseOrFailure({ observeDatabase }: HopsDeps): Promise<ObservedDatabase | DatabaseFailure> {
  try {
    return await observeDatabase({ signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    if (error instanceof DbError) return { code: error.code };
    throw error;
  }
}
