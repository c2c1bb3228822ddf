import { setTimeout as delay } from "node:timers/promises";
import { cpuTimeMs } from "../cpu-time.ts";
import type { Tally } from "../tally.ts";
import { answer } from "./answer.ts";
import { HttpConnection, type Target } from "./http-client.ts";

/** What `run` does: each connection sends its next request when the last is answered. */
export interface LoadRequest extends Target {
  connections: number;
  milliseconds: number;
  /** Processes whose CPU time is taken, over the measured time only. */
  pids: readonly number[];
}

/** Questions that this part answers. */
export interface HttpLoadHandlers {
  /**
   * Sends requests for a while; tallies answers. Connections to a port are kept for the next run, so that no
   * handshake is measured. Rejects when a request is not answered with 200.
   */
  run(request: LoadRequest): Promise<Tally>;
}

/** Until all connections are under way. */
const START_MS = 20;

const kept = new Map<number, readonly HttpConnection[]>();

async function run(request: LoadRequest): Promise<Tally> {
  const connections = kept.get(request.port) ?? (await openConnections(request));
  kept.set(request.port, connections);
  let count = 0;
  let isOver = false;
  const caller = async (connection: HttpConnection): Promise<void> => {
    while (!isOver) {
      await sendOnce(connection);
      count += 1;
    }
  };
  const callers = Promise.all(connections.map(caller)).finally(() => {
    isOver = true;
  });
  // A request that fails ends the window at once.
  const wait = (milliseconds: number) => Promise.race([delay(milliseconds), callers]);
  await wait(START_MS);
  count = 0;
  const cpuBeforeMs = cpuTimeMs(request.pids);
  const startedAtMs = performance.now();
  await wait(request.milliseconds);
  const cpuMs = cpuTimeMs(request.pids) - cpuBeforeMs;
  const tally = { count, cpuMicros: cpuMs * 1_000, wallMs: performance.now() - startedAtMs };
  isOver = true;
  await callers;
  return tally;
}

function sendOnce(connection: HttpConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.send((status) => {
      if (status === 200) resolve();
      else reject(new Error(`a request was not answered with 200 but with ${status} (0: broken connection)`));
    });
  });
}

function openConnections(request: LoadRequest): Promise<HttpConnection[]> {
  return Promise.all(Array.from({ length: request.connections }, () => opened(request)));
}

function opened(target: Target): Promise<HttpConnection> {
  return new Promise((resolve, reject) => {
    const connection = new HttpConnection(target, () => resolve(connection));
    connection.socket.once("error", reject);
  });
}

answer({ run } satisfies HttpLoadHandlers);
