import { setTimeout as delay } from "node:timers/promises";
import { cpuTimeMs } from "../cpu-time.ts";
import { percentile } from "../statistics.ts";
import { answer } from "./answer.ts";
import { HttpConnection, type Target } from "./http-client.ts";

/** What `run` does: each connection sends its next request when the last is answered. */
export interface LoadRequest extends Target {
  connections: number;
  seconds: number;
  /** Processes whose CPU time is taken, over the measured window only. */
  pids: readonly number[];
}

/** What a run saw in its measured window. */
export interface LoadResult {
  requests: number;
  /** Answers other than 200, and broken connections. */
  failed: number;
  requestsPerSecond: number;
  cpuMicrosPerRequest: number;
  p99Ms: number;
}

/** Questions that this part answers. */
export interface HttpLoadHandlers {
  run(request: LoadRequest): Promise<LoadResult>;
}

// Handshakes, and what the compiler does with code it sees for the first time, stay out of the window.
const WARM_UP_MS = 500;

async function run(request: LoadRequest): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: request.connections }, () => opened(request)));
  const window = { isOpen: true, isMeasured: false, failed: 0, latenciesMs: [] as number[] };
  const loop = (connection: HttpConnection): void => {
    const startedAtMs = performance.now();
    connection.send((status) => {
      if (window.isMeasured) {
        if (status === 200) window.latenciesMs.push(performance.now() - startedAtMs);
        else window.failed += 1;
      }
      if (window.isOpen && status !== 0) loop(connection);
    });
  };
  for (const connection of connections) loop(connection);
  await delay(WARM_UP_MS);
  window.isMeasured = true;
  const startedAtMs = performance.now();
  const cpuBeforeMs = cpuTimeMs(request.pids);
  await delay(request.seconds * 1_000);
  window.isMeasured = false;
  const cpuMs = cpuTimeMs(request.pids) - cpuBeforeMs;
  const tookMs = performance.now() - startedAtMs;
  window.isOpen = false;
  for (const { socket } of connections) socket.destroy();
  const requests = window.latenciesMs.length;
  if (requests === 0) throw new Error(`no request was answered with 200, ${window.failed} failed`);
  return {
    requests,
    failed: window.failed,
    requestsPerSecond: requests / (tookMs / 1_000),
    cpuMicrosPerRequest: (cpuMs * 1_000) / requests,
    p99Ms: percentile(window.latenciesMs, 0.99),
  };
}

function opened(target: Target): Promise<HttpConnection> {
  return new Promise((resolve, reject) => {
    const connection = new HttpConnection(target, () => resolve(connection));
    connection.socket.once("error", reject);
  });
}

answer({ run } satisfies HttpLoadHandlers);
