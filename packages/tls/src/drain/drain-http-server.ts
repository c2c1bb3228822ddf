import { setTimeout as sleep } from "node:timers/promises";
import {
  type AnyHttpServer,
  announceCloseOnAll,
  cutAllConnections,
  endIdleConnections,
  type RequestTracker,
  requestsUnderWay,
  trackRequests,
} from "./request-tracker.ts";

/** Says how a server is to end. */
export interface DrainOptions {
  /** Called first: from here on the readiness check should answer 503. */
  readonly onDraining?: () => void;
  /** Milliseconds in which requests are still taken; longer than the load balancer needs to notice. */
  readonly graceMs: number;
  /** Milliseconds from the start after which whatever is left is cut; below `graceMs` it counts as `graceMs`. */
  readonly hardMs: number;
}

/** Tells how a drain went. */
export interface DrainReport {
  /** Responses completed since the drain began. */
  readonly requestsServed: number;
  /** Connections that ended in good order. */
  readonly connectionsClosed: number;
  /** Connections cut at `hardMs`; not 0 means that somebody may have lost a request. */
  readonly connectionsForced: number;
  readonly durationMs: number;
}

const POLL_MS = 20;
/** How long an open connection may still send a request after the server stopped accepting and the last answer. */
const SILENT_LINGER_MS = 1_000;

/**
 * Watches the requests of a server, so that a later drain also reaches those that were already being served.
 * Call it before the server listens; `createTlsServer` has done it.
 */
export function prepareDrain(server: AnyHttpServer): void {
  trackRequests(server);
}

/**
 * Ends a server without losing a request, and resolves when its last connection is gone.
 *
 * First, for `graceMs`, it goes on accepting while every response says `Connection: close`, so that clients
 * leave by themselves; then it stops accepting and lets what is under way finish; at `hardMs` it cuts the rest.
 * A second call returns the promise of the first. A server that does not listen is done at once, and closes
 * again if it was about to listen. Call `prepareDrain` when the server is made, or the requests under way at
 * the start of the drain are answered without `Connection: close`.
 *
 * @see https://github.com/nodejs/node/issues/60617 for why `server.close()` alone loses requests
 */
export function drainHttpServer(server: AnyHttpServer, options: DrainOptions): Promise<DrainReport> {
  const tracker = trackRequests(server);
  tracker.drained ??= drain(server, tracker, options);
  return tracker.drained;
}

async function drain(
  server: AnyHttpServer,
  tracker: RequestTracker,
  { onDraining, graceMs, hardMs }: DrainOptions,
): Promise<DrainReport> {
  const startedAtMs = performance.now();
  const elapsedMs = () => performance.now() - startedAtMs;
  tracker.isDraining = true;
  announceCloseOnAll(tracker);
  onDraining?.();
  if (server.listening) await sleep(graceMs);
  stopAccepting(server, tracker);
  const connectionsForced = await emptyOut(tracker, () => elapsedMs() >= hardMs);
  return Object.freeze({
    requestsServed: tracker.servedWhileDraining,
    connectionsClosed: tracker.closedWhileDraining - connectionsForced,
    connectionsForced,
    durationMs: Math.round(elapsedMs()),
  });
}

function stopAccepting(server: AnyHttpServer, tracker: RequestTracker): void {
  // Node's own version, which close() calls, destroys connections whose last response has been handed over
  // but not yet sent: a slow reader of a long answer would lose it.
  server.closeIdleConnections = () => endIdleConnections(tracker);
  if (!server.listening) server.once("listening", () => server.close());
  else server.close();
}

/** Resolves when no connection is left, with the number of those that had to be cut. */
async function emptyOut(tracker: RequestTracker, isTooLate: () => boolean): Promise<number> {
  let quietMs = 0;
  let connectionsForced = 0;
  while (tracker.accepted.size > 0) {
    quietMs = requestsUnderWay(tracker) > 0 ? 0 : quietMs + POLL_MS;
    if (isTooLate()) connectionsForced += cutAllConnections(tracker);
    else if (quietMs > SILENT_LINGER_MS) cutAllConnections(tracker);
    await sleep(POLL_MS);
  }
  return connectionsForced;
}
