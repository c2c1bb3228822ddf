import type { IRouter } from "express";
import { unavailable } from "./database-errors.ts";
import { addRoute } from "./routes.ts";

/** How long /readyz waits for the database: below the 5 s that load balancers give a health check. */
const READY_DEADLINE_MS = 3_000;

/** What /readyz asks. */
export interface HealthDeps {
  database: { ready(options: { signal: AbortSignal }): Promise<void> };
  /** True from the first signal to stop: the load balancer shall send nothing new. */
  isDraining: () => boolean;
  /** True when the app's own certificate nears its end because nothing renewed it. */
  certificateExpiresSoon: () => boolean;
}

/**
 * Adds `GET /livez`: 200 while the process can answer. `GET /readyz`: 200 when a verified database
 * connection works, 503 with the codes of what is missing when not, and while draining.
 *
 * A certificate that nears its end is told by its code and stays 200: taking every instance out of service a
 * week early would be the outage that it warns of.
 */
export function addHealthRoutes(router: IRouter, deps: HealthDeps): void {
  const { database, isDraining, certificateExpiresSoon } = deps;
  addRoute(router, "/livez", { get: (_request, response) => void response.json({ live: true }) });
  addRoute(router, "/readyz", {
    get: async (_request, response) => {
      const codes = isDraining() ? ["DRAINING"] : await missing(database);
      const ready = codes.length === 0;
      if (certificateExpiresSoon()) codes.push("TLS_CERT_EXPIRES_SOON");
      response.status(ready ? 200 : 503).json({ ready, codes });
    },
  });
}

async function missing(database: HealthDeps["database"]): Promise<string[]> {
  try {
    await database.ready({ signal: AbortSignal.timeout(READY_DEADLINE_MS) });
    return [];
  } catch (error) {
    const answer = unavailable(error);
    if (answer === undefined) throw error;
    return [answer.code];
  }
}
